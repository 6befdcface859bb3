import fc from 'fast-check';
import { hostileText } from '../testing/hostile-text.js';
import { linkAddress } from './link-address.js';
import { ticketLink } from './ticket-link.js';

describe('linkAddress', () => {
  it.each<[string, string | undefined]>([
    ['https://ghostfox.groovehq.com/groove_client/tickets/1', 'https://ghostfox.groovehq.com/groove_client/tickets/1'],
    ['http://127.0.0.1:8080/#/tickets/1?a=b&c=~d', 'http://127.0.0.1:8080/#/tickets/1?a=b&c=~d'],
    ['https://example.com/a(b)[c] d?e=*`|"#<f>', 'https://example.com/a%28b%29%5Bc%5D%20d?e=%2A%60%7C%22#%3Cf%3E'],
    ['https://example.com/ä', 'https://example.com/%C3%A4'],
    ['https://example.com/a\n)b', 'https://example.com/a%29b'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['ftp://example.com/', undefined],
    ['/tickets/1', undefined],
    ['', undefined],
    ['https://helpdesk.example@evil.example/', undefined],
    ['https://evil.example```/', undefined],
    ["https://a'b$c{d}.example/", undefined],
    ['https://bücher.example:8443/9', 'https://xn--bcher-kva.example:8443/9'],
    ['http://127.0.0.1:8080/9', 'http://127.0.0.1:8080/9'],
    [`https://example.com/${'x'.repeat(2_000)}`, undefined],
  ])('makes of %j %j', (url, expected) => {
    expect(linkAddress(url)).toBe(expected);
  });
});

describe('ticketLink', () => {
  const url = 'https://example.com/9';

  it.each<[unknown, unknown, string]>([
    [{ number: '9', title: 'Test Subject', url }, undefined, `[Ticket #9 Test Subject](${url})`],
    [{ number: 'HDSK-AAAA-0010', url }, undefined, `[Ticket #HDSK-AAAA-0010](${url})`],
    [
      { number: '9', title: 'x](https://evil.example) [y', url },
      undefined,
      `[Ticket #9 x&#93;&#40;https&#58;//evil.example&#41; &#91;y](${url})`,
    ],
    [{ number: '9', title: 'Test' }, undefined, 'Ticket #9 Test'],
    [{ number: '9', url }, 'Open [it]', `[Open &#91;it&#93;](${url})`],
    [{ number: '9' }, 'Open it', 'Open it'],
    [{ url }, undefined, `[Ticket](${url})`],
    [{ number: ' ', title: '\u200b' }, undefined, ''],
    [undefined, undefined, ''],
    ['ticket', undefined, ''],
  ])('makes of %j %j', (ticket, label, expected) => {
    expect(ticketLink(ticket, label)).toBe(expected);
  });

  it('cannot be led elsewhere', () => {
    const hostileUrl = fc.tuple(
      fc.constantFrom('https://example.com/', 'http://example.com/?', '//', ''),
      hostileText(),
    );
    fc.assert(
      fc.property(hostileText(), hostileText(), hostileUrl, (number, title, [start, rest]) => {
        const link = ticketLink({ number, title, url: start + rest });
        const safe = String.raw`(?:[^&<>[\]()*_\x60~#:|$\\\n]|&#\d+;)*`;
        const name = `Ticket(?: #${safe})?(?: ${safe})?`;
        expect(link).toMatch(new RegExp(`^(?:${name}|\\[${name}\\]\\(http(?:s|)://[^\\s()<>[\\]*\`$\\\\]+\\))?$`));
      }),
    );
  });
});
