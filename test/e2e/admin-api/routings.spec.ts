import { Client } from 'pg';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { CallbackListener } from '../ticket-desk/callback-listener.js';

type Row = Record<string, unknown>;

const NOBODY = '01890000-0000-7000-8000-000000000000';

describe('routing again', () => {
  let gateway: TestGateway;
  let client: Client;
  let posted = 0;
  let destinationId: unknown;
  let routeId: string;

  beforeEach(async () => {
    gateway = await TestGateway.start({ OUTBOUND_ALLOW: '127.0.0.0/8' });
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    const [catchAll] = (await gateway.api('GET', '/routes')).body.data;
    destinationId = catchAll?.['destination_id'];
    await gateway.api('DELETE', `/routes/${String(catchAll?.['id'])}`);
    const { body } = await makeRoute('Mistaken', [{ field: 'ticket.number', op: 'eq', value: 'nine' }]);
    routeId = String(body['id']);
  });
  afterEach(async () => {
    await client.end();
    await gateway.stop();
  });

  const makeRoute = (name: string, matchers: object[]): Promise<Answer> =>
    gateway.api('POST', '/routes', { name, matchers, destination_id: destinationId, settings: { topic: name } });
  const reply = async (ticket: number, text: string): Promise<string> => {
    posted += 1;
    const { body } = await gateway.groove('customer_replied', {
      id: `reply-${posted}`,
      plain_text_body: text,
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
    });
    return String((body['event_ids'] as string[])[0]);
  };
  const mend = (): Promise<Answer> =>
    gateway.api('PATCH', `/routes/${routeId}`, { matchers: [{ field: 'ticket.number', op: 'in', value: ['8', '9'] }] });
  const route = (id: string, key?: string): Promise<Answer> =>
    gateway.api(
      'POST',
      `/events/${id}/route`,
      undefined,
      undefined,
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const routeAll = (filter: object, isDryRun = false): Promise<Answer> =>
    gateway.api('POST', '/events/route', { filter, dry_run: isDryRun });
  const event = async (id: string): Promise<Row> => (await gateway.api('GET', `/events/${id}`)).body;
  const said = async (): Promise<string[]> =>
    (await gateway.sandboxMessages()).map(({ content }) => /^> (.*)$/m.exec(content)?.[1] ?? '');
  const nothing = { already_matched: 0, event_gone: 0 };

  it('asks the routes as they are now for an event that matched none', async () => {
    const id = await reply(9, 'It burns');
    const before = await event(id);
    expect(before['matched']).toBe(false);
    expect((await route(id)).body).toEqual({ events: 1, matched: 0, deliveries: 0 });
    expect(await event(id)).toEqual(before);
    await mend();
    const answer = await route(id);
    expect([answer.status, answer.body]).toEqual([200, { events: 1, matched: 1, deliveries: 1 }]);
    const [delivery] = await gateway.settledDeliveries();
    const [change] = (await gateway.api('GET', '/changes?kind=event')).body.data;
    expect(delivery).toMatchObject({
      event_id: id,
      route_id: routeId,
      destination_id: destinationId,
      state: 'delivered',
      topic: 'Mistaken',
      replay_of: null,
      replayed_by: (change?.['by'] as Row)['key_id'],
    });
    expect(await said()).toEqual(['It burns']);
    const after = await event(id);
    expect(after).toEqual({ ...before, matched: true, route_revision: after['route_revision'] });
    expect(Number(after['route_revision'])).toBeGreaterThan(Number(before['route_revision']));
    const { body: explanation } = await gateway.api('GET', `/events/${id}/explain`);
    expect(explanation['routes']).toMatchObject([{ matched: true, deliveries: [{ id: delivery?.['id'] }] }]);
    expect(change).toMatchObject({
      action: 'route',
      subject: { kind: 'event', id, name: 'message.customer_replied of 9' },
      after: { events: 1, matched: 1, deliveries: 1, route_revision: String(after['route_revision']) },
    });
    const again = await route(id);
    expect([again.status, again.body['code']]).toEqual([409, 'already_matched']);
  });

  it('takes what an earlier version stored, unless it has deliveries', async () => {
    const id = await reply(9, 'old');
    await mend();
    const sent = await reply(9, 'sent');
    await client.query('update events set matched = null');
    expect((await route(sent)).body['code']).toBe('already_matched');
    expect((await route(id)).body).toEqual({ events: 1, matched: 1, deliveries: 1 });
    expect((await event(id))['matched']).toBe(true);
  });

  it('routes all that a filter names in the order in which they came, counted first', async () => {
    const ids: string[] = [];
    for (const [ticket, text] of [
      [9, 'a'],
      [1, 'x'],
      [9, 'b'],
      [8, 'c'],
      [9, 'd'],
    ] as const) {
      ids.push(await reply(ticket, text));
    }
    await mend();
    const unmatched = await gateway.api('GET', '/events?matched=false');
    expect(unmatched.body.data.map((each) => each['id'])).toEqual([...ids].reverse());
    const counts = { events: 5, matched: 4, deliveries: 4, left_out: nothing };
    expect((await routeAll({ since: '2020-01-01' }, true)).body).toEqual({ dry_run: true, ...counts });
    expect((await gateway.api('GET', '/deliveries')).body.data).toEqual([]);
    expect((await routeAll({ since: '2020-01-01' })).body).toEqual({ dry_run: false, ...counts });
    await gateway.settledDeliveries();
    expect((await said()).filter((text) => text !== 'c')).toEqual(['a', 'b', 'd']);
    const matched = await gateway.api('GET', '/events?matched=true');
    expect(matched.body.data.map((each) => each['id'])).toEqual([ids[4], ids[3], ids[2], ids[0]]);
    expect((await gateway.api('GET', '/changes?action=route')).body.data).toMatchObject([
      { subject: { kind: 'event', name: '4 events' }, after: { filter: { since: '2020-01-01' }, ...counts } },
    ]);
    const { rows } = await client.query<Row>('select lane, sequence from deliveries');
    for (const row of rows) {
      expect([String(row['lane']).startsWith('late:'), Number(row['sequence']) > 2 ** 52]).toEqual([true, true]);
    }
    expect((await routeAll({ since: '2020-01-01' })).body).toMatchObject({ events: 1, matched: 0, deliveries: 0 });
  });

  it('routes none twice, whoever asks at the same time', async () => {
    const id = await reply(9, 'a');
    for (const text of ['b', 'c', 'd']) await reply(9, text);
    await mend();
    const answers = await Promise.all([routeAll({ ticket: '9' }), route(id), routeAll({ ticket: '9' })]);
    const made = answers.reduce((sum, { body }) => sum + Number(body['deliveries'] ?? 0), 0);
    await gateway.settledDeliveries();
    expect([made, (await said()).sort()]).toEqual([4, ['a', 'b', 'c', 'd']]);
  });

  it('does what is repeated with a key once', async () => {
    const id = await reply(9, 'a');
    await mend();
    const answers = await Promise.all(['k', 'k'].map((key) => route(id, key)));
    expect(answers.map(({ status, body }) => [status, body['deliveries']])).toEqual([
      [200, 1],
      [200, 1],
    ]);
    await gateway.settledDeliveries();
    expect(await said()).toEqual(['a']);
  });

  it('tells no subscriber twice', async () => {
    const listener = await CallbackListener.start();
    try {
      const headers = { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' };
      const open = (message: string): Promise<Response> =>
        fetch(`${gateway.url}/tickets`, { method: 'POST', headers, body: JSON.stringify({ ticket_message: message }) });
      await open('before it');
      const body = JSON.stringify({ callback_url: listener.url });
      await fetch(`${gateway.url}/webhooks/register`, { method: 'POST', headers, body });
      await open('heard');
      await listener.hears(1);
      await makeRoute('All', []);
      expect((await routeAll({ since: '2020-01-01' })).body).toMatchObject({ events: 1, matched: 1, deliveries: 1 });
      const deliveries = await gateway.settledDeliveries();
      expect(deliveries.map((each) => each['route_id'] === null)).toEqual([true, false]);
      expect([await said(), listener.heard.length]).toEqual([['before it'], 1]);
    } finally {
      await listener.stop();
    }
  });

  it('says of what it cannot route why', async () => {
    const id = await reply(9, 'a');
    await gateway.groove('no_such_event', {});
    const [unsupported] = (await gateway.api('GET', '/events?outcome=unsupported')).body.data;
    expect(unsupported?.['matched']).toBe(null);
    const refusal = async (of: string): Promise<unknown[]> => {
      const { status, body } = await route(of);
      return [status, body['code']];
    };
    expect(await refusal(NOBODY)).toEqual([404, 'not_found']);
    expect(await refusal('me')).toEqual([400, 'invalid_id']);
    expect(await refusal(String(unsupported?.['id']))).toEqual([409, 'not_accepted']);
    await client.query('update events set event = null');
    expect(await refusal(id)).toEqual([409, 'event_gone']);
    expect((await routeAll({ since: '2020-01-01' })).body).toMatchObject({ events: 0, left_out: { event_gone: 1 } });
  });

  it('refuses what it does not understand', async () => {
    for (const [body, code] of [
      [{}, 'validation_failed'],
      [{ filter: {} }, 'empty_filter'],
      [{ filter: { outcome: 'accepted' } }, 'validation_failed'],
      [{ filter: { matched: false } }, 'validation_failed'],
      [{ filter: { state: 'dead' } }, 'validation_failed'],
      [{ filter: { ticket: '9' }, dry_run: 'true' }, 'validation_failed'],
      [{ filter: { since: '2026-01-01', until: '2020-01-01' } }, 'validation_failed'],
    ] as const) {
      const answer = await gateway.api('POST', '/events/route', body);
      expect([body, answer.status, answer.body['code']]).toEqual([body, 400, code]);
    }
    for (const value of ['yes', '1', '', 'TRUE', 'null']) {
      expect([value, (await gateway.api('GET', `/events?matched=${value}`)).status]).toEqual([value, 400]);
    }
  });
});
