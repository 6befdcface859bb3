import { request } from 'node:http';
import { connect } from 'node:net';
import { call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const STARTED = { ...JSON_TYPE, 'x-groove-event': 'ticket_started' };
const BODY_LIMIT = 4_096;

interface Webhook {
  name: string;
  headers?: Record<string, string>;
  /** Numbered, since two ways are tried. */
  body: (number: number) => string;
  status: number;
  code?: string;
}

const ticket = (number: number): string => JSON.stringify({ number, title: 'The printer' });

const WEBHOOKS: readonly Webhook[] = [
  { name: 'one that is taken', body: ticket, status: 202 },
  {
    name: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: (n) => `number=${n}`,
    status: 202,
  },
  { name: 'a type that is none', headers: { 'content-type': 'nonsense' }, body: ticket, status: 202 },
  { name: 'what is unsupported', headers: { 'x-groove-event': 'ticket_sung' }, body: ticket, status: 200 },
  { name: 'broken JSON', body: () => '{"number": ', status: 400, code: 'unreadable_body' },
  { name: 'nothing', body: () => '', status: 400, code: 'unreadable_body' },
  {
    name: 'an event without a name',
    headers: { 'x-groove-event': '' },
    body: ticket,
    status: 400,
    code: 'missing_event_name',
  },
  { name: 'an event of no ticket', body: () => '{"title": "x"}', status: 400, code: 'invalid_payload' },
  { name: 'too much', body: () => 'x'.repeat(BODY_LIMIT + 1), status: 413, code: 'body_too_large' },
];

describe('the way of most webhooks, past Fastify and Nest', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start({ BODY_LIMIT: String(BODY_LIMIT) });
  });
  afterAll(() => gateway.stop());

  const makeSource = async (settings: object, secrets: object = {}): Promise<string> => {
    const body = { name: `Source ${Math.random()}`, provider: 'groove', settings, secrets };
    return String((await gateway.api('POST', '/sources', body)).body['hook_url']);
  };

  /** An address that ends in a question mark is not spelled as ours are, and goes the long way. */
  const bothWays = async (hookUrl: string, init: (number: number) => RequestInit): Promise<unknown[]> => {
    const answers: unknown[] = [];
    for (const [index, url] of [hookUrl, `${hookUrl}?`].entries()) {
      const { status, headers, body } = await call(url, { method: 'POST', ...init(Math.random() + index) });
      const { event_ids: ids, error_id: errorId, ...said } = body;
      const names = [...headers.keys()].filter((name) => name !== 'date');
      answers.push({ status, names, type: headers.get('content-type'), ids: Array.isArray(ids), said, errorId });
    }
    return answers;
  };

  it.each(WEBHOOKS)('answers $name as the long way does', async ({ headers, body, status, code }) => {
    const [short, long] = await bothWays(gateway.hookUrl('groove'), (number) => ({
      headers: { ...STARTED, ...headers },
      body: body(Math.floor(number * 1e9)),
    }));
    expect(short).toEqual(long);
    expect(short).toMatchObject({ status, ...(code !== undefined && { said: { code } }) });
  });

  it('answers what the source refuses as the long way does', async () => {
    const signed = await makeSource(
      { signature: 'standard' },
      { signing_secrets: ['c2VjcmV0LW9mLXRoZS1oZWxwZGVzaw=='] },
    );
    const limited = await makeSource({ rate_limit_per_minute: 1 });
    const walled = await makeSource({ allowed_ips: ['192.0.2.0/24'] });
    const send = (number: number): RequestInit => ({ headers: STARTED, body: ticket(Math.floor(number * 1e9)) });
    await call(limited, { method: 'POST', ...send(1) });
    for (const [hookUrl, expected] of [
      [signed, { status: 401, said: { code: 'invalid_signature' } }],
      [limited, { status: 429, said: { code: 'rate_limited' } }],
      [walled, { status: 403, said: { code: 'address_not_allowed' } }],
      [`${gateway.url}/hooks/groove/nobody`, { status: 404, said: { code: 'not_found' } }],
    ] as const) {
      const [short, long] = await bothWays(hookUrl, send);
      expect(short).toEqual(long);
      expect(short).toMatchObject(expected);
    }
  });

  it('keeps what it takes as the long way does', async () => {
    const hookUrl = gateway.hookUrl('groove');
    const ids: string[] = [];
    for (const url of [hookUrl, `${hookUrl}?`]) {
      const { body } = await call(url, { method: 'POST', headers: STARTED, body: ticket(ids.length + 77_000) });
      ids.push(...(body['event_ids'] as string[]));
    }
    const kept = await Promise.all(
      ids.map(async (id) => {
        const { body } = await gateway.api('GET', `/events/${id}?include=raw`);
        return JSON.stringify(body).replaceAll(/7700[01]/g, 'N');
      }),
    );
    const shape = (text: string | undefined): unknown => {
      const event = JSON.parse(text ?? '{}') as Record<string, unknown>;
      return { type: event['type'], outcome: event['outcome'], raw: event['raw'], names: Object.keys(event) };
    };
    expect(shape(kept[0])).toEqual(shape(kept[1]));
  });

  it('takes a body that comes in pieces, or without a length', async () => {
    const statuses = await Promise.all(
      [{ 'content-length': String(ticket(88_001).length) }, {}].map(
        (length, index) =>
          new Promise((resolve, reject) => {
            const headers = { ...STARTED, ...length };
            const sending = request(gateway.hookUrl('groove'), { method: 'POST', headers }, (response) => {
              response.resume();
              resolve(response.statusCode);
            });
            sending.on('error', reject);
            const body = ticket(88_001 + index);
            sending.write(body.slice(0, 5));
            setImmediate(() => sending.end(body.slice(5)));
          }),
      ),
    );
    expect(statuses).toEqual([202, 202]);
  });

  it('makes nothing of a webhook that is broken off', async () => {
    const { hostname, port, pathname } = new URL(gateway.hookUrl('groove'));
    const eventsOf = async (): Promise<number> => (await gateway.api('GET', '/events?ticket=99001')).body.data.length;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        const head = `POST ${pathname} HTTP/1.1\r\nhost: x\r\nx-groove-event: ticket_started\r\ncontent-length: 100\r\n\r\n`;
        socket.write(`${head}{"number": 99001,`, () => socket.destroy());
      });
      socket.on('close', () => {
        resolve();
      });
    });
    const { status } = await call(gateway.hookUrl('groove'), {
      method: 'POST',
      headers: STARTED,
      body: ticket(99_002),
    });
    expect(status).toBe(202);
    await waitUntil(async () => (await gateway.api('GET', '/events?ticket=99002')).body.data.length === 1);
    expect(await eventsOf()).toBe(0);
  });
});
