import { RouteClient, type Row } from './route-client.js';
import { waitUntil } from '../../support/wait-until.js';

const NOBODY = '01890000-0000-7000-8000-000000000000';

describe('GET /events/{id}/explain', () => {
  let routes: RouteClient;

  beforeAll(async () => {
    routes = await RouteClient.start();
  });
  afterAll(() => routes.stop());

  const explain = async (id: string): Promise<Row> => {
    const { status, body } = await routes.gateway.api('GET', `/events/${id}/explain`);
    expect(status).toBe(200);
    return body;
  };

  const newestEvent = async (): Promise<Row> =>
    (await routes.gateway.api('GET', '/events?limit=1')).body.data[0] as Row;

  it('shows what each matcher of the routes of that time saw, and what came of it', async () => {
    const vip = await routes.make({
      name: 'VIP',
      matchers: [
        { field: 'ticket.tags', op: 'in', value: ['vip', 'gold'] },
        { field: 'ticket.title', op: 'not_matches', value: '(?i)spam' },
        { field: 'ticket.group', op: 'exists', value: false },
      ],
      settings: { channel: 'vip', topic: 'V{{ ticket.number }}' },
    });
    const calm = await routes.make({
      name: 'Calm',
      matchers: [
        { field: 'ticket.title', op: 'eq', value: 'Calm' },
        { field: 'ticket.tags', op: 'eq', value: 'vip' },
      ],
    });
    const last = await routes.make({ name: 'Last word', settings: { stop: true } });
    const [everything] = (await routes.all()).slice(-1) as [Row];
    const [revision] = await routes.revisions();
    const { body: summary } = await routes.gateway.api('GET', `/routes/revisions/${String(revision)}`);
    const id = await routes.event({ number: 71, title: 'Fire', tags: ['new', 'vip'] });
    await routes.gateway.settledDeliveries();
    // What is changed afterwards does not change what it was judged by.
    await routes.patch(vip, { name: 'Renamed', matchers: [] });
    await routes.remove(calm);
    await routes.patch(last, { position: 1 });
    expect(await explain(id)).toEqual({
      event_id: id,
      outcome: 'accepted',
      reason: null,
      detail: null,
      duplicate_of: null,
      revision: { id: revision, created_at: summary['created_at'] },
      routes: [
        {
          id: vip['id'],
          name: 'VIP',
          position: 1,
          matched: true,
          matchers: [
            { field: 'ticket.tags', op: 'in', value: ['vip', 'gold'], matched: true, saw: ['new', 'vip'] },
            { field: 'ticket.title', op: 'not_matches', value: '(?i)spam', matched: true, saw: 'Fire' },
            { field: 'ticket.group', op: 'exists', value: false, matched: true, saw: null },
          ],
          destination_id: routes.destinationId,
          deliveries: [{ id: expect.any(String), state: 'delivered', reason: null, channel: 'vip', topic: 'V71' }],
        },
        {
          id: calm['id'],
          name: 'Calm',
          position: 2,
          matched: false,
          matchers: [
            { field: 'ticket.title', op: 'eq', value: 'Calm', matched: false, saw: 'Fire' },
            { field: 'ticket.tags', op: 'eq', value: 'vip', matched: true, saw: ['new', 'vip'] },
          ],
          destination_id: routes.destinationId,
          deliveries: [],
        },
        {
          id: last['id'],
          name: 'Last word',
          position: 3,
          matched: true,
          matchers: [],
          destination_id: routes.destinationId,
          deliveries: [
            { id: expect.any(String), state: 'delivered', reason: null, channel: 'support', topic: '#71 Fire' },
          ],
        },
        {
          id: everything['id'],
          name: 'Everything',
          position: 4,
          matched: true,
          skipped_by_stop: true,
          matchers: [],
          destination_id: routes.destinationId,
          deliveries: [],
        },
      ],
      other_deliveries: [],
    });
  });

  it('shows what subscribers got beside the routes', async () => {
    const desk = (path: string, body: object): Promise<Response> =>
      fetch(routes.gateway.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${routes.gateway.adminKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const subscribed = await desk('/webhooks/register', { callback_url: 'http://127.0.0.1:2999/callback' });
    const { data } = (await subscribed.json()) as { data: Row };
    expect((await desk('/tickets', { ticket_message: 'Help' })).status).toBe(201);
    const id = String((await newestEvent())['id']);
    // Nobody listens there: what is shown is certain once it has been tried.
    const others = await waitUntil(async () => {
      const { other_deliveries: found } = await explain(id);
      return (found as Row[])[0]?.['reason'] === 'network' && found;
    });
    expect(others).toEqual([
      {
        id: expect.any(String),
        destination_id: data['id'],
        state: 'pending',
        reason: 'network',
        channel: '',
        topic: '',
      },
    ]);
  });

  it.each<[string, () => Promise<string>, object]>([
    [
      'a repetition',
      async () => {
        const first = await routes.event({ number: 80, title: 'Twice' });
        await routes.event({ number: 80, title: 'Twice' });
        return first;
      },
      {
        outcome: 'duplicate',
        reason: null,
        duplicate_of: '$first',
        detail: 'A repetition of an event that was there already; routes were asked for that one.',
      },
    ],
    [
      'an unknown type',
      async () => {
        await routes.gateway.groove('ticket_exploded', { number: 81 });
        return '';
      },
      {
        outcome: 'unsupported',
        detail: "The provider's adapter does not know events of the type ticket_exploded; no event was made of it.",
      },
    ],
    [
      'a webhook that was refused',
      async () => {
        await routes.gateway.groove('ticket_started', { title: 'No number' });
        return '';
      },
      { outcome: 'rejected', reason: 'invalid_payload', detail: expect.stringMatching(/number/) },
    ],
  ])('says of %s why no routes were asked', async (_what, make, facts) => {
    const first = await make();
    const id = String((await newestEvent())['id']);
    const expected = Object.fromEntries(
      Object.entries(facts).map(([name, value]): [string, unknown] => [name, value === '$first' ? first : value]),
    );
    expect(await explain(id)).toMatchObject({ ...expected, revision: null, routes: [], other_deliveries: [] });
  });

  it('answers what there is not, and who may not ask', async () => {
    const missing = await routes.gateway.api('GET', `/events/${NOBODY}/explain`);
    expect([missing.status, missing.body['code']]).toEqual([404, 'not_found']);
    expect((await routes.gateway.api('GET', '/events/x/explain')).body['code']).toBe('invalid_id');
    expect((await routes.gateway.api('GET', `/events/${NOBODY}/explain`, undefined, null)).status).toBe(401);
    const { body } = await routes.gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const id = await routes.event();
    expect((await routes.gateway.api('GET', `/events/${id}/explain`, undefined, String(body['key']))).status).toBe(200);
  });
});
