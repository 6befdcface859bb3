import { FakeClock } from '../../support/fake-clock.js';
import { RouteClient, type Row } from './route-client.js';

const FIRST = '2026-03-01T00:00:00.000Z';
const DAY_MS = 86_400_000;
const day = (days: number): string => new Date(Date.parse(FIRST) + days * DAY_MS).toISOString();

describe('revisions of the routes', () => {
  const clock = new FakeClock(Date.parse(FIRST));
  let routes: RouteClient;
  let urgent: Row;

  const list = async (query = ''): Promise<Row[]> =>
    (await routes.gateway.api('GET', `/routes/revisions${query}`)).body.data;

  beforeAll(async () => {
    routes = await RouteClient.start(clock);
    clock.advance(DAY_MS);
    urgent = await routes.make({ name: 'Urgent', settings: { stop: true } });
    clock.advance(DAY_MS);
    await routes.patch(urgent, { name: 'Very urgent' });
    clock.advance(DAY_MS);
    await routes.patch(urgent, { disabled: true });
  });
  afterAll(() => routes.stop());

  it('are kept: from when, until when, how many routes', async () => {
    expect(await list()).toEqual([
      { id: 4, created_at: day(3), replaced_at: null, routes: 1 },
      { id: 3, created_at: day(2), replaced_at: day(3), routes: 2 },
      { id: 2, created_at: day(1), replaced_at: day(2), routes: 2 },
      { id: 1, created_at: day(0), replaced_at: day(1), routes: 1 },
    ]);
  });

  it('say what was in force then', async () => {
    const { status, body } = await routes.gateway.api('GET', '/routes/revisions/2');
    expect(status).toBe(200);
    const [everything] = (await routes.all()).slice(-1) as [Row];
    const common = { matchers: [], destination_id: routes.destinationId };
    expect(body).toEqual({
      id: 2,
      created_at: day(1),
      replaced_at: day(2),
      routes: [
        { ...common, id: urgent['id'], name: 'Urgent', position: 1, settings: { stop: true } },
        { ...common, id: everything['id'], name: 'Everything', position: 2, settings: {} },
      ],
    });
  });

  it.each([
    ['?since=2026-03-02T12:00:00Z&until=2026-03-02T13:00:00Z', [2]],
    ['?since=2026-03-02&until=2026-03-04', [3, 2]],
    ['?since=2026-03-10', [4]],
    // PostgreSQL would not take this offset.
    ['?until=9999-12-31T23:59:59-23:59&since=2026-03-10', [4]],
    ['?until=2026-03-01', []],
    ['?until=2026-03-02', [1]],
  ])('are found by when they were in force: %s', async (query, ids) => {
    expect((await list(query)).map(({ id }) => id)).toEqual(ids);
  });

  it('are paged through, both ways', async () => {
    const page = async (query: string): Promise<[unknown[], unknown, unknown]> => {
      const { body } = await routes.gateway.api('GET', `/routes/revisions?limit=2${query}`);
      return [body.data.map(({ id }) => id), body['next_cursor'], body['prev_cursor']];
    };
    const [newest, next, none] = await page('');
    expect([newest, none]).toEqual([[4, 3], null]);
    const [oldest, end, previous] = await page(`&cursor=${String(next)}`);
    expect([oldest, end]).toEqual([[2, 1], null]);
    expect((await page(`&cursor=${String(previous)}`))[0]).toEqual([4, 3]);
    const foreign = await routes.gateway.api('GET', `/routes?cursor=${String(next)}`);
    expect([foreign.status, foreign.body['code']]).toEqual([400, 'invalid_cursor']);
    const id = String((await routes.gateway.api('GET', '/routes?limit=1')).body['next_cursor']);
    expect((await routes.gateway.api('GET', `/routes/revisions?cursor=${id}`)).body['code']).toBe('invalid_cursor');
  });

  it.each([
    ['/routes/revisions/x', 400, 'invalid_id'],
    ['/routes/revisions/0', 400, 'invalid_id'],
    ['/routes/revisions/1.5', 400, 'invalid_id'],
    ['/routes/revisions/99999999999999999999', 400, 'invalid_id'],
    ['/routes/revisions/999', 404, 'not_found'],
    ['/routes/revisions?limit=0', 400, 'validation_failed'],
    ['/routes/revisions?since=soon', 400, 'validation_failed'],
    ['/routes/revisions?since=2026-03-02&until=2026-03-01', 400, 'validation_failed'],
    ['/routes/revisions?at=2026-03-02', 400, 'validation_failed'],
  ])('answer %s with %d %s', async (path, status, code) => {
    const answer = await routes.gateway.api('GET', path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('are for auditors too', async () => {
    const { body } = await routes.gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    for (const path of ['/routes/revisions', '/routes/revisions/1']) {
      expect((await routes.gateway.api('GET', path, undefined, String(body['key']))).status).toBe(200);
    }
  });

  it('stay the same where a change alters nothing for events', async () => {
    const revisions = await routes.revisions();
    const renamed = await routes.patch(urgent, { name: 'Urgent, but not now', settings: { stop: false } });
    expect(renamed.status).toBe(200);
    expect(await routes.revisions()).toEqual(revisions);
  });
});

describe('all routes together', () => {
  let routes: RouteClient;

  beforeEach(async () => {
    routes = await RouteClient.start();
  });
  afterEach(() => routes.stop());

  /** As if they had been made one by one. */
  const fill = (count: number, matchers: object[]): Promise<unknown> =>
    routes.sql(
      `insert into routes (id, name, position, matchers, destination_id)
       select gen_random_uuid(), 'Filled ' || place, place, $2::jsonb, $3 from generate_series(2, $1) place`,
      [count, JSON.stringify(matchers), routes.destinationId],
    );

  it('are a thousand at most', async () => {
    await fill(999, []);
    const last = await routes.make({ name: 'The thousandth' });
    const { status, body } = await routes.create({ name: 'One too many' });
    expect([status, body['code']]).toEqual([409, 'too_many_routes']);
    expect((await routes.patch(last, { position: 1 })).status).toBe(200);
    await routes.remove(last);
    expect((await routes.create({ name: 'Another' })).status).toBe(201);
  });

  it('may cost so much for each event', async () => {
    await fill(81, [{ field: 'ticket.title', op: 'matches', value: 'a'.repeat(245) }]);
    const revisions = await routes.revisions();
    const matchers = [{ field: 'ticket.title', op: 'matches', value: 'b'.repeat(245) }];
    const { status, body } = await routes.create({ name: 'Too much', matchers });
    expect([status, body['code']]).toEqual([409, 'routes_too_costly']);
    expect(body['detail']).toMatch(/^All routes together: their patterns come to \d{5} instructions of RE2/);
    expect(await routes.revisions()).toEqual(revisions);
    // A disabled one as well: it is read whenever routes are listed.
    const disabled = await routes.create({ name: 'Too much', matchers, disabled: true });
    expect([disabled.status, disabled.body['code']]).toEqual([409, 'routes_too_costly']);
  });
});
