import fc from 'fast-check';

/** What has a meaning in Markdown, in Liquid, to a terminal, or to those who count characters. */
const SNIPPETS = [
  ...['```', '~~~~ quote', '`', '*', '**', '_', '@**all**', '@_**Name|5**', '@*group*', '#**channel>topic**', '$$x$$'],
  ...[
    '](https://evil.example)',
    '[x](https://evil.example)',
    '![](https://evil.example/x.png)',
    '[',
    ']',
    '(',
    ')',
    '\\',
  ],
  ...[
    '<time:2026-01-01>',
    '<b>',
    ':smile:',
    'https://evil.example',
    'javascript:alert(1)',
    'a@example.com',
    '| a | b |',
  ],
  ...['/me ', '/poll x', '/', '- ', '+ ', '1. ', '# ', '> ', '>', '✔ ', '&#42;', '&amp;', '&', '…'],
  ...[
    '{{ x }}',
    '{% raw %}',
    '%}',
    '}}',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    '\n```\n',
    '\u2028',
    '\u2029',
    '\x85',
    '\v',
    '\f',
    '\t',
  ],
  ...[
    '\ufdd0',
    '\ufdd1',
    '\ufdd2',
    '\ufdd3',
    '\uffff',
    '\0',
    '\x1b',
    '\x1c',
    '\ud800',
    '\udc00',
    '\u202e',
    '\u200b',
    '\ufeff',
  ],
  ...['😀', '👨‍👩‍👧', 'é', ' ', '  ', 'word', 'all', '10'],
];

/** Text as somebody would write it who wants to be taken for a part of the message. */
export function hostileText(maxPieces = 8): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ unit: 'binary', maxLength: 5 }));
  return fc.array(piece, { maxLength: maxPieces }).map((pieces) => pieces.join(''));
}
