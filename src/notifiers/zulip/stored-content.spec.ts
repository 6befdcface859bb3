import fc from 'fast-check';
import { runToEnd } from '../../../test/support/run-to-end.js';
import { storedContent as storedBySandbox } from '../../sandbox/stored-text.js';
import { hostileText } from '../testing/hostile-text.js';
import { storedContent } from './stored-content.js';

describe('storedContent', () => {
  it.each([
    ['nothing to do', 'a\n b', 'a\n b'],
    ['blanks at the end', 'a \t\r\n\v\f ', 'a'],
    ['what Python takes for blanks', 'a\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000', 'a'],
    ['what JavaScript takes for a blank, and Python not', 'a\ufeff', 'a\ufeff'],
    ['line breaks at the start', '\n\n  a', '  a'],
    ['nothing but blanks', '\n \n', ''],
  ])('with %s', (_what, content, stored) => {
    expect(storedContent(content)).toBe(stored);
  });

  it('is what the sandbox stores', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const content = `x${text.replaceAll('\0', '')}`;
        expect(storedContent(content)).toBe(storedBySandbox(content));
        expect(storedContent(storedContent(`\n${text}`))).toBe(storedContent(`\n${text}`));
      }),
    );
  });

  it('does not take long over blanks in the middle', () => {
    const content = `a${' '.repeat(400_000)}b`;
    expect(runToEnd(() => storedContent(content))).toBe(content);
  });
});
