import { UsageError } from '../usage-error.js';
import { makeRequest } from './make-request.js';

const GROOVE = 'http://127.0.0.1:3000/hooks/groove/token';
const FAVEO = 'http://127.0.0.1:3000/hooks/faveo/token';

const made = (file: string, content: string, to: string, more: { event?: string; headers?: string[] } = {}): object => {
  const { body, ...request } = makeRequest({ file, content: Buffer.from(content), to, headers: [], ...more });
  return { ...request, body: body.toString() };
};

describe('a stored webhook', () => {
  it.each<[string, object, object]>([
    [
      'that is JSON, by the name of its file',
      made('/tmp/ticket_started__x.json', '{"number": 9}', GROOVE),
      {
        url: GROOVE,
        headers: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started' },
        body: '{"number": 9}',
      },
    ],
    [
      'that is a form, of a helpdesk that names the event in it',
      made('stored.txt', 'event=ticket_created&subject=A+printer', FAVEO),
      {
        url: FAVEO,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'event=ticket_created&subject=A+printer',
      },
    ],
    [
      'that is neither',
      made('-', 'Help!', FAVEO),
      { url: FAVEO, headers: { 'content-type': 'text/plain' }, body: 'Help!' },
    ],
    [
      'with an event and headers that are given',
      made('a.json', '[]', GROOVE, { event: 'ping', headers: ['X-Trace: a: b', 'content-TYPE: text/json'] }),
      {
        url: GROOVE,
        headers: { 'content-type': 'text/json', 'x-groove-event': 'ping', 'x-trace': 'a: b' },
        body: '[]',
      },
    ],
    [
      'of a fixture, with its own headers and query',
      made(
        'ticket_started__x.json',
        JSON.stringify({ about: 'x', headers: { 'X-Kind': 'a' }, query: { event: 'é&' }, body: { number: 9 } }),
        `${GROOVE}?only_events=*`,
      ),
      { url: `${GROOVE}?only_events=*&event=%C3%A9%26`, headers: { 'x-kind': 'a' }, body: '{"number":9}' },
    ],
    [
      'of a fixture that stores a text, with another event and header',
      made('x.json', '{"headers": {"X-Groove-Event": "a", "x-kind": "a"}, "text": "{ }"}', GROOVE, {
        event: 'b',
        headers: ['X-Kind: b'],
      }),
      { url: GROOVE, headers: { 'x-groove-event': 'b', 'x-kind': 'b' }, body: '{ }' },
    ],
  ])('%s', (_story, request, expected) => {
    expect(request).toEqual(expected);
  });

  it('is sent byte for byte', () => {
    const content = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    expect(makeRequest({ file: '-', content, to: FAVEO, headers: [] }).body).toBe(content);
  });

  it.each<[string, () => unknown, string]>([
    ['an address that is none', () => made('a', '{}', 'hooks/groove/x'), '--to must begin with http:// or https://.'],
    ['another scheme', () => made('a', '{}', 'file:///etc/passwd'), '--to must begin with http:// or https://.'],
    [
      'no event where one is needed',
      () => made('-', '{}', GROOVE),
      'Say which event it is, by --event: it stands in x-groove-event.',
    ],
    [
      'a header that is none',
      () => made('a', '{}', FAVEO, { headers: ['X'] }),
      '--header is written as "Name: value".',
    ],
  ])('is refused with %s', (_story, make, words) => {
    expect(make).toThrow(new UsageError(words));
  });
});
