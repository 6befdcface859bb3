import fc from 'fast-check';
import { hostileText } from '../testing/hostile-text.js';
import { cleanQuotation, quoteText } from './quote-text.js';

const quote = (text: string): string => quoteText(cleanQuotation(text));

describe('quoteText', () => {
  it.each([
    ['one', '> one'],
    ['first line\nsecond line', '> first line\n> second line'],
    ['a\r\nb\rc\u2028d\u2029e\x85f\vg\fh', '> a\n> b\n> c\n> d\n> e\n> f\n> g\n> h'],
    ['a\n\nb\n \nc', '> a\n> \n> b\n>  \n> c'],
    ['\n \n  a\nb\n\n \n', '>   a\n> b'],
    ['```\n@**all**\n```', '> ```\n> @**all**\n> ```'],
    ['> quoted before', '> > quoted before'],
    ['\ta\0\x1b[1mb\ud800', '> \ta[1mb'],
    ['', ''],
    [' \n\u200b\n', ''],
  ])('makes of %j %j', (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  it('puts every line behind a mark, whatever a line is', () => {
    fc.assert(
      fc.property(hostileText(30), (text) => {
        const quoted = quote(text);
        for (const line of quoted === '' ? [] : quoted.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)) {
          expect(line.startsWith('> ')).toBe(true);
        }
      }),
    );
  });
});
