import { Logger } from '@nestjs/common';
import { type Answer, call, TestGateway } from '../../support/test-gateway.js';
import { FakeClock } from '../../support/fake-clock.js';
import { waitUntil } from '../../support/wait-until.js';

const TICKET = { title: 'Whose', description: 'x' };
const OUTSIDE = '203.0.113.9';
const INSIDE = '192.0.2.7';

describe('what a source lets in', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let made = 0;

  beforeAll(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start({ TRUSTED_PROXIES: '127.0.0.1' }, clock);
  });
  afterAll(() => gateway.stop());

  const createSource = async (settings: object, provider = 'groove'): Promise<Answer['body']> => {
    made += 1;
    const { status, body } = await gateway.api('POST', '/sources', { name: `Gated ${made}`, provider, settings });
    expect(status).toBe(201);
    return body;
  };
  const makeKey = async (source: Answer['body']): Promise<string> => {
    const key = { name: `Key ${made}`, role: 'ingest', source_id: source['id'] };
    return String((await gateway.api('POST', '/api-keys', key)).body['key']);
  };
  const hook = (source: Answer['body'], from?: string, headers: Record<string, string> = {}): Promise<Answer> =>
    call(String(source['hook_url']), {
      method: 'POST',
      headers: {
        'x-groove-event': 'ticket_started',
        ...(from !== undefined && { 'x-forwarded-for': from }),
        ...headers,
      },
      body: JSON.stringify({ number: (made += 1), title: 'Gated' }),
    });
  const post = (path: string, key: string, body: unknown, from: string): Promise<Answer> =>
    call(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify(body),
    });
  const eventsOf = async (source: Answer['body']): Promise<Answer['body']['data']> =>
    (await gateway.api('GET', `/events?limit=500&source_id=${String(source['id'])}`)).body.data;
  const said = ({ status, body }: Answer): unknown[] => [status, body['code']];

  describe('by address', () => {
    it.each<[string, string[], string, string]>([
      ['an IPv4 range', ['10.0.0.0/8', '192.0.2.0/24'], INSIDE, OUTSIDE],
      ['an IPv6 range', ['2001:db8::/32'], '2001:db8:7::1', '2001:db9::1'],
      ['a single address', [INSIDE], INSIDE, '192.0.2.8'],
    ])('is what comes from %s', async (_story, allowed, inside, outside) => {
      const source = await createSource({ allowed_ips: allowed });
      expect((await hook(source, inside)).status).toBe(202);
      const refused = await hook(source, outside);
      expect([refused.status, refused.body]).toEqual([
        403,
        {
          type: 'about:blank',
          title: 'Forbidden',
          status: 403,
          detail: `The source takes nothing from ${outside}.`,
          code: 'address_not_allowed',
        },
      ]);
    });

    it('takes the word of a trusted proxy alone, and of it the last address that it did not trust', async () => {
      const source = await createSource({ allowed_ips: [INSIDE] });
      // What the caller says of itself stands before what the proxy has seen.
      expect(said(await hook(source, `${INSIDE}, ${OUTSIDE}`))).toEqual([403, 'address_not_allowed']);
      expect((await hook(source, `${OUTSIDE}, ${INSIDE}, 127.0.0.1`)).status).toBe(202);
      for (const none of ['unknown', `${INSIDE}:443`, '']) {
        expect(said(await hook(source, none))).toEqual([403, 'address_not_allowed']);
      }
      expect(said(await hook(source, undefined, { 'x-real-ip': INSIDE, forwarded: `for=${INSIDE}` }))).toEqual([
        403,
        'address_not_allowed',
      ]);
    });

    it('does not take the word of others', async () => {
      const open = await TestGateway.start({ TRUSTED_PROXIES: '10.0.0.0/8' });
      const { body } = await open.api('POST', '/sources', {
        name: 'Gated',
        provider: 'groove',
        settings: { allowed_ips: [INSIDE] },
      });
      const refused = await hook(body, INSIDE);
      expect([refused.status, refused.body['detail']]).toEqual([403, 'The source takes nothing from 127.0.0.1.']);
      const here = { settings: { allowed_ips: ['127.0.0.0/8'] } };
      expect((await open.api('PATCH', `/sources/${String(body['id'])}`, here)).status).toBe(200);
      expect((await hook(body, INSIDE)).status).toBe(202);
      await open.stop();
    });

    it('is asked of probes too, which the log does not keep', async () => {
      const source = await createSource({ allowed_ips: [INSIDE] });
      const probe = (method: string, from: string): Promise<Answer> =>
        call(String(source['hook_url']), { method, headers: { 'x-forwarded-for': from } });
      expect((await probe('GET', INSIDE)).status).toBe(200);
      expect((await probe('HEAD', INSIDE)).status).toBe(200);
      expect(said(await probe('GET', OUTSIDE))).toEqual([403, 'address_not_allowed']);
      expect((await probe('HEAD', OUTSIDE)).status).toBe(403);
      expect(await eventsOf(source)).toEqual([]);
    });

    it('keeps what was refused in the log, ten a minute at most', async () => {
      const source = await createSource({ allowed_ips: [INSIDE] });
      for (let count = 0; count < 12; count += 1) {
        expect(said(await hook(source, OUTSIDE))).toEqual([403, 'address_not_allowed']);
      }
      const events = await waitUntil(async () => {
        const found = await eventsOf(source);
        return found.length >= 10 && found;
      });
      expect(events).toHaveLength(10);
      expect(events[0]).toMatchObject({
        outcome: 'rejected',
        reason: 'address_not_allowed',
        detail: `The source takes nothing from ${OUTSIDE}.`,
      });
      const token = String(source['hook_url']).split('/').at(-1) ?? '';
      const { text } = await gateway.api('GET', `/events/${String(events[0]?.['id'])}?include=raw`);
      expect(text).toContain('Gated');
      expect(text).not.toContain(token);
      clock.advance(60_000);
      await hook(source, OUTSIDE);
      await waitUntil(async () => (await eventsOf(source)).length === 11);
    });

    it('is asked of requests with a key of the source', async () => {
      const generic = await createSource({ allowed_ips: [INSIDE] }, 'generic');
      const desk = await createSource({ allowed_ips: [INSIDE] }, 'ticket-desk');
      const [genericKey, deskKey] = [await makeKey(generic), await makeKey(desk)];
      const path = '/api/integrations/webhook';
      for (const [where, key, body] of [
        [path, genericKey, TICKET],
        [`${path}/batch`, genericKey, [TICKET]],
        ['/tickets', deskKey, { ticket_message: 'Whose' }],
        ['/service/unavailable', deskKey, undefined],
      ] as const) {
        expect((await post(where, key, body, INSIDE)).status).toBeLessThan(300);
        expect(said(await post(where, key, body, OUTSIDE))).toEqual([403, 'address_not_allowed']);
      }
      const tickets = { headers: { authorization: `Bearer ${deskKey}`, 'x-forwarded-for': OUTSIDE } };
      expect(said(await call(`${gateway.url}/tickets`, tickets))).toEqual([403, 'address_not_allowed']);
      // Posts to the integration endpoint are webhooks: the log has what was refused of them.
      await waitUntil(async () => (await eventsOf(generic)).filter(isRefused).length === 2);
      const [refused] = (await eventsOf(generic)).filter(isRefused);
      const { text } = await gateway.api('GET', `/events/${String(refused?.['id'])}?include=raw`);
      expect(text).not.toContain(genericKey);
      expect((await eventsOf(desk)).filter(isRefused)).toEqual([]);
    });

    it('is not asked of keys that belong to no source', async () => {
      await createSource({ allowed_ips: [INSIDE] }, 'generic');
      expect((await post('/api/integrations/webhook', gateway.adminKey, TICKET, OUTSIDE)).status).toBe(200);
    });

    it('does not use up the rate of those who may come', async () => {
      const source = await createSource({ allowed_ips: [INSIDE], rate_limit_per_minute: 1 });
      for (let count = 0; count < 5; count += 1) {
        expect(said(await hook(source, OUTSIDE))).toEqual([403, 'address_not_allowed']);
      }
      expect((await hook(source, INSIDE)).status).toBe(202);
    });
  });

  describe('by rate', () => {
    it('is said in the log where more comes, once a minute and source', async () => {
      const source = await createSource({ rate_limit_per_minute: 1 });
      const said: unknown[] = [];
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation((facts: unknown, words?: unknown) => {
        said.push([facts, words]);
      });
      for (let count = 0; count < 4; count += 1) await hook(source);
      const facts = { source_id: source['id'], source: source['name'] };
      expect(said).toEqual([[facts, 'more than 1 a minute: webhooks are refused']]);
      clock.advance(60_000);
      for (let count = 0; count < 2; count += 1) await hook(source);
      expect(said).toHaveLength(2);
      warn.mockRestore();
    });

    it('is as much as it says a minute, and tells when to come again', async () => {
      const source = await createSource({ rate_limit_per_minute: 3 });
      const answers: Answer[] = [];
      for (let count = 0; count < 4; count += 1) answers.push(await hook(source));
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
      const last = answers.at(-1);
      expect([last?.body['code'], last?.body['detail'], last?.headers.get('retry-after')]).toEqual([
        'rate_limited',
        'This source takes 3 webhooks a minute.',
        '20',
      ]);
      // Nothing of a flood is written.
      expect(await eventsOf(source)).toHaveLength(3);
      clock.advance(19_999);
      expect((await hook(source)).status).toBe(429);
      clock.advance(1);
      expect((await hook(source)).status).toBe(202);
      expect((await hook(source)).status).toBe(429);
      clock.advance(60_000);
      expect((await hook(source)).status).toBe(202);
    });

    it('is counted for each source, not for probes, and anew when it is changed', async () => {
      const source = await createSource({ rate_limit_per_minute: 1 });
      const other = await createSource({ rate_limit_per_minute: 1 });
      for (let count = 0; count < 3; count += 1) {
        expect((await call(String(source['hook_url']), {})).status).toBe(200);
      }
      expect((await hook(source)).status).toBe(202);
      expect((await hook(source)).status).toBe(429);
      expect((await hook(other)).status).toBe(202);
      const path = `/sources/${String(source['id'])}`;
      await gateway.api('PATCH', path, { settings: { rate_limit_per_minute: 2 } });
      expect([(await hook(source)).status, (await hook(source)).status, (await hook(source)).status]).toEqual([
        202, 202, 429,
      ]);
      await gateway.api('PATCH', path, { settings: { rate_limit_per_minute: null } });
      expect([(await hook(source)).status, (await hook(source)).status, (await hook(source)).status]).toEqual([
        202, 202, 202,
      ]);
    });

    it('counts what comes with the keys of the source, a batch as many as it has tickets', async () => {
      const source = await createSource({ rate_limit_per_minute: 10 }, 'generic');
      const key = await makeKey(source);
      const path = '/api/integrations/webhook';
      const batch = (count: number): Promise<Answer> =>
        post(
          `${path}/batch`,
          key,
          Array.from({ length: count }, (_, index) => ({ ...TICKET, title: `${count}.${index}` })),
          INSIDE,
        );
      expect((await batch(8)).body['created_count']).toBe(8);
      expect((await post(path, key, TICKET, INSIDE)).status).toBe(200);
      // One more may come: the whole of it is taken, and waited for afterwards.
      expect((await batch(3)).body['created_count']).toBe(3);
      const refused = await post(path, key, { ...TICKET, title: 'Later' }, INSIDE);
      expect([...said(refused), refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '18']);
      expect(said(await call(`${gateway.url}/tickets`, { headers: { 'x-api-key': key } }))).toEqual([
        429,
        'rate_limited',
      ]);
      clock.advance(18_000);
      expect((await post(path, key, { ...TICKET, title: 'Later' }, INSIDE)).status).toBe(200);
    });
  });
});

function isRefused(event: Record<string, unknown>): boolean {
  return event['reason'] === 'address_not_allowed';
}
