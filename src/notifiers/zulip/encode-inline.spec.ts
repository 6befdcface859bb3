import fc from 'fast-check';
import { hostileText } from '../testing/hostile-text.js';
import { encodeInline, encodeInlineAfter } from './encode-inline.js';
import { inlineValue } from './inline-value.js';
import { LONGEST_INLINE } from './zulip-limits.js';

/** What a reader sees of Markdown in which everything is encoded. */
const decode = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));

describe('encodeInline', () => {
  it.each([
    ['Test Name', 'Test Name'],
    ['agent@example.com', 'agent@example.com'],
    ['group2', 'group2'],
    ["O'Brien (Ops) [x]", "O'Brien &#40;Ops&#41; &#91;x&#93;"],
    ['a_b*c`d~e#f:g|h$i\\j&k<l>m', 'a&#95;b&#42;c&#96;d&#126;e&#35;f&#58;g&#124;h&#36;i&#92;j&#38;k&#60;l&#62;m'],
    ['@**all**', '@&#42;&#42;all&#42;&#42;'],
    ['&#42;', '&#38;&#35;42;'],
    ['Größe 大小 😀', 'Größe 大小 😀'],
  ])('makes %s of %s', (text, expected) => {
    expect(encodeInline(text)).toBe(expected);
  });

  it('leaves nothing alive, and loses nothing', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const encoded = encodeInline(text);
        expect(encoded.replace(/&#\d+;/g, '')).not.toMatch(/[&<>[\]()*_`~#:|$\\]/);
        expect(decode(encoded)).toBe(text);
      }),
    );
  });
});

describe('encodeInlineAfter', () => {
  it.each([
    ['', '/me laughs', '&#47;me laughs'],
    ['  ', '/poll', '&#47;poll'],
    ['', '- item', '&#45; item'],
    ['', '+1', '&#43;1'],
    ['', '12. of May', '&#49;2. of May'],
    ['', '12 of May', '12 of May'],
    ['by ', '/me - 1. x', '/me - 1. x'],
    ['@**', 'all', '&#97;ll'],
    ['hi @_**', 'Everyone', '&#69;veryone'],
    ['@**', 'Alex', 'Alex'],
  ])('after %j makes of %j %j', (before, text, expected) => {
    expect(encodeInlineAfter(before, text)).toBe(expected);
  });
});

describe('inlineValue', () => {
  it.each<[unknown, string]>([
    [' a \r\n b\u2028c\td ', 'a b c d'],
    ['a\0b\x1bc\ud800d\ufdd0e\uffff', 'abcde'],
    ['\u202egnp.exe\u202c', 'gnp.exe'],
    ['a\x85b', 'a b'],
    ['a \0 b', 'a b'],
    ['\u200b\u200d', ''],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    [42, '42'],
    [true, 'true'],
    [['a', '', 'b'], 'a, b'],
    [null, ''],
    [{ name: 'x' }, ''],
    ['x'.repeat(LONGEST_INLINE), 'x'.repeat(LONGEST_INLINE)],
    ['x'.repeat(LONGEST_INLINE + 1), `${'x'.repeat(LONGEST_INLINE - 1)}…`],
    ['😀'.repeat(LONGEST_INLINE + 1), `${'😀'.repeat(LONGEST_INLINE - 1)}…`],
  ])('shows %j as %j', (value, expected) => {
    expect(inlineValue(value)).toBe(expected);
  });
});
