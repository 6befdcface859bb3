import { runToEnd } from '../../test/support/run-to-end.js';
import { liveWildcardMention } from './wildcard-mention.js';

describe('a live wildcard mention', () => {
  it.each([
    ['@**all**', 'channel'],
    ['Hello @**everyone**, hello', 'channel'],
    ['(@**channel**)', 'channel'],
    ['[@**stream**](https://example.com)', 'channel'],
    ['- @**all**', 'channel'],
    ['\\@**all**', 'channel'],
    ['@**topic**', 'topic'],
    ['@**topic** and @**all**', 'channel'],
    ['> quoted\n\n@**all**', 'channel'],
    ['```quote\nquoted\n```\n@**all**', 'channel'],
    ['```spoiler secret\n@**all**\n```', 'channel'],
    // A customer's line that closes the quote around it.
    ['```quote\n```\n@**all**\n```', 'channel'],
    ['~~~~\ncode\n~~~~ \n@**all**', 'channel'],
    [' ```\n@**all**\n```', 'channel'],
    // In code a fence is code: the block ends where its own fence comes again.
    ['```\n~~~\n```\n@**all**', 'channel'],
    ['`` ` @**all**', 'channel'],
    ['a ` b\n\n@**all** ` c', 'channel'],
    ['`code` @**all** `code`', 'channel'],
    ['> quoted\n@**all**', 'channel'],
  ])('is seen: %j: %s', (content, expected) => {
    expect(liveWildcardMention(content)).toBe(expected);
  });

  it.each([
    '',
    'all',
    '@all',
    '@_**all**',
    '@**Ann**',
    '@**all of you**',
    'ann@**all**',
    '&#64;**all**',
    '@&#42;&#42;all&#42;&#42;',
    '> @**all**',
    '   > @**all**\n> \n> @**all**',
    '`@**all**`',
    '`` ` @**all** ``',
    'a `b\n@**all**` c',
    '```\n@**all**\n```',
    '```\n@**all**',
    '````quote\n```\n@**all**\n```\n@**all**\n````',
    // The quote goes on: the fence inside it was never closed, so its end is code.
    '```quote\n~~~\n```\n@**all**',
    '~~~ python\n@**all**\n```\n@**all**\n~~~',
    '```spoiler secret\n```quote\n@**all**\n```\n```',
  ])('is not seen: %j', (content) => {
    expect(liveWildcardMention(content)).toBeUndefined();
  });

  it('is found in time proportional to the text', () => {
    const texts = [
      '`'.repeat(100_000) + '` '.repeat(100_000) + '@**al'.repeat(400_000),
      Array.from({ length: 20_000 }, (_, index) => '`'.repeat(index % 90)).join(' '),
    ];
    for (const text of texts) runToEnd(() => liveWildcardMention(text));
  });
});
