import { gzipSync } from 'node:zlib';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';

const TICKET = { number: 9, title: 'Test Subject', state: 'opened', customer_name: 'Test Name' };

describe('bad input on a hook', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start({ BODY_LIMIT: '2000000' });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const post = (
    body: string | Buffer,
    headers: Record<string, string>,
    url = gateway.hookUrl('groove'),
  ): Promise<Answer> =>
    call(url, { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body) });

  const started = { 'content-type': 'application/json', 'x-groove-event': 'ticket_started' };

  /** Nothing but the record of the refusal may be left of a refused webhook. */
  const newestEvent = async (): Promise<Record<string, unknown>> => {
    const { body } = await gateway.api('GET', '/events?limit=1');
    return body.data[0] ?? {};
  };

  it.each<[string, string, Record<string, string>, number, string, string | null]>([
    ['an unreadable body', '{"number": 9', started, 400, 'unreadable_body', 'unreadable_body'],
    ['an empty body', '', started, 400, 'unreadable_body', 'unreadable_body'],
    ['a body that is no object', '[1, 2]', started, 400, 'invalid_payload', 'invalid_payload'],
    ['a JSON null', 'null', started, 400, 'invalid_payload', 'invalid_payload'],
    [
      'a missing event header',
      JSON.stringify(TICKET),
      { 'content-type': 'application/json' },
      400,
      'missing_event_name',
      'missing_event_name',
    ],
    [
      'a body over the limit',
      JSON.stringify({ ...TICKET, title: 'x'.repeat(2_000_001) }),
      started,
      413,
      'body_too_large',
      null,
    ],
  ])('%s is refused by name', async (_story, body, headers, status, code, reason) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ status, code, type: 'about:blank', detail: expect.any(String) });
    if (reason !== null) expect(await newestEvent()).toMatchObject({ outcome: 'rejected', reason });
  });

  it('names the header in which the event was expected', async () => {
    const answer = await post(JSON.stringify(TICKET), { 'content-type': 'application/json' });
    expect(answer.body['detail']).toContain('X-Groove-Event');
  });

  it.each([
    ['an unknown token', '/hooks/groove/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['an unknown provider', '/hooks/nosuch/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['a token of an absurd length', `/hooks/groove/${'A'.repeat(300)}`],
    ['a token that cannot be decoded', '/hooks/groove/AAAA%zz'],
  ])('%s gets the one answer that tells nothing', async (_story, path) => {
    const answer = await post(JSON.stringify(TICKET), started, gateway.url + path);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such hook.',
      code: 'not_found',
    });
  });

  it('answers a known source under the name of another provider like an unknown one', async () => {
    const url = gateway.hookUrl('groove').replace('/hooks/groove/', '/hooks/other/');
    expect((await post(JSON.stringify(TICKET), started, url)).status).toBe(404);
  });

  it('records an event type that it does not know and answers 200', async () => {
    const answer = await post(JSON.stringify(TICKET), { ...started, 'x-groove-event': 'ticket_exploded' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ event_ids: [], unsupported: 'ticket_exploded' });
    expect(await newestEvent()).toMatchObject({ outcome: 'unsupported', native_type: 'ticket_exploded' });
  });

  it.each<[string, object]>([
    [
      'wrong types in every known field',
      { number: ['9'], title: { a: 1 }, state: 7, tags: 'x', links: [], assignee: {}, customer_name: 5, app_url: [] },
    ],
    [
      'every field null',
      { number: null, title: null, state: null, href: null, links: null, tags: null, assignee: null },
    ],
    ['a title of a megabyte', { ...TICKET, title: 'x'.repeat(1_000_000) }],
    [
      'NULs and lone surrogates',
      { ...TICKET, title: 'a\0b\ud800', customer_name: '\udfff\0', last_message_plain_text: '\0' },
    ],
    ['prototype keys', JSON.parse('{"number": 9, "__proto__": {"title": "x"}, "constructor": {"name": 1}}') as object],
    ['deep nesting', JSON.parse(`${'{"a":'.repeat(90)}1${'}'.repeat(90)}`) as object],
    ['numbers beyond all bounds', { ...TICKET, number: 1e308, priority: -0 }],
  ])('%s: an answer below 500, and the next webhook goes through', async (_story, body) => {
    for (const event of [
      'ticket_started',
      'ticket_assigned',
      'customer_replied',
      'ticket_state_changed',
      'customer_added',
    ]) {
      const answer = await post(JSON.stringify(body), { ...started, 'x-groove-event': event });
      expect([200, 202, 400]).toContain(answer.status);
    }
    const unique = { ...TICKET, number: Math.floor(Math.random() * 1e9) };
    expect((await post(JSON.stringify(unique), started)).status).toBe(202);
  });

  it('delivers what it accepted of a title of a megabyte, within the limits of Zulip', async () => {
    const title = 'y'.repeat(1_000_000);
    expect((await post(JSON.stringify({ ...TICKET, number: 77, title }), started)).status).toBe(202);
    const [delivery] = await gateway.settledDeliveries('&ticket=77');
    expect(delivery?.['state']).toBe('delivered');
    expect([...String(delivery?.['topic'])].length).toBeLessThanOrEqual(58);
    expect([...String(delivery?.['content'])].length).toBeLessThanOrEqual(10_000);
  });

  it('does not inflate a compressed body by guessing', async () => {
    const answer = await post(gzipSync(JSON.stringify(TICKET)), started);
    expect([answer.status, answer.body['code']]).toEqual([400, 'unreadable_body']);
  });

  it.each<[string, string, string]>([
    ['JSON under a form type', 'application/x-www-form-urlencoded', JSON.stringify({ ...TICKET, number: 501 })],
    ['JSON without any type', '', JSON.stringify({ ...TICKET, number: 502 })],
    ['JSON under nonsense', 'nonsense', JSON.stringify({ ...TICKET, number: 503 })],
    ['JSON as plain text', 'text/plain', JSON.stringify({ ...TICKET, number: 504 })],
    ['a form', 'application/x-www-form-urlencoded', 'number=505&title=Test+Subject&state=opened'],
  ])('%s is understood all the same', async (_story, contentType, body) => {
    const answer = await post(Buffer.from(body), {
      'x-groove-event': 'ticket_started',
      ...(contentType !== '' && { 'content-type': contentType }),
    });
    expect(answer.status).toBe(202);
  });

  it('takes the header in either spelling', async () => {
    const body = JSON.stringify({ ...TICKET, number: 601 });
    const answer = await post(body, { 'content-type': 'application/json', x_groove_event: 'ticket_started' });
    expect(answer.status).toBe(202);
  });

  it('keeps the raw body as it came, and of the headers all but the secrets', async () => {
    const body = '{"number": 602,  "title": "kept as sent"}';
    const answer = await post(body, { ...started, authorization: 'Basic c2VjcmV0', 'x-secret-thing': 'hidden' });
    const id = String((answer.body['event_ids'] as string[])[0]);
    const { body: event } = await gateway.api('GET', `/events/${id}?include=raw,deliveries`);
    expect(event['raw']).toMatchObject({
      body,
      encoding: 'utf-8',
      headers: { 'x-groove-event': 'ticket_started', authorization: '***', 'x-secret-thing': '***' },
    });
    expect(event['deliveries']).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['another spelling of the address', '/%68ooks/groove/'],
    ['a charset that is not the one', '/hooks/groove/'],
  ])('%s is understood all the same', async (_story, prefix) => {
    const token = gateway.hookUrl('groove').split('/').at(-1) ?? '';
    const body = JSON.stringify({ ...TICKET, number: prefix.length + 700 });
    const headers = { 'x-groove-event': 'ticket_started', 'content-type': 'application/json; charset=utf-16' };
    expect((await post(body, headers, `${gateway.url}${prefix}${token}`)).status).toBe(202);
  });

  it('keeps a Content-Type that is none as it came', async () => {
    const headers = { 'x-groove-event': 'ticket_started', 'content-type': 'nonsense' };
    const answer = await post(Buffer.from(JSON.stringify({ ...TICKET, number: 720 })), headers);
    const { body } = await gateway.api(
      'GET',
      `/events/${String((answer.body['event_ids'] as string[])[0])}?include=raw`,
    );
    expect(body['raw']).toMatchObject({ headers: { 'content-type': 'nonsense' } });
  });

  it('answers the probe of a helpdesk', async () => {
    expect((await call(gateway.hookUrl('groove'), { method: 'GET' })).status).toBe(200);
    expect((await call(gateway.hookUrl('groove'), { method: 'HEAD' })).status).toBe(200);
    expect((await call(`${gateway.url}/hooks/groove/nosuch`, { method: 'GET' })).status).toBe(404);
  });

  it('lets in what the hook URL asks for', async () => {
    const url = `${gateway.hookUrl('groove')}?only_events=ticket_*&exclude_events=ticket_tagged`;
    const tagged = await post(JSON.stringify(TICKET), { ...started, 'x-groove-event': 'ticket_tagged' }, url);
    expect([tagged.status, tagged.body]).toEqual([200, { event_ids: [], filtered: 'ticket_tagged' }]);
    const closed = await post(
      JSON.stringify({ ...TICKET, number: 603 }),
      { ...started, 'x-groove-event': 'ticket_closed' },
      url,
    );
    expect(closed.status).toBe(202);
  });
});
