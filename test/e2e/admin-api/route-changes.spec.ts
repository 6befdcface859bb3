import { RouteClient, type Row } from './route-client.js';

const URGENT = [{ field: 'ticket.title', op: 'matches', value: '(?i)urgent' }];

describe('changes of a route', () => {
  let routes: RouteClient;

  beforeEach(async () => {
    routes = await RouteClient.start();
  });
  afterEach(() => routes.stop());

  it('count its versions and say them as ETag; what changes nothing is none', async () => {
    const created = await routes.create({ name: 'Urgent', matchers: URGENT, settings: { channel: 'urgent' } });
    expect([created.status, created.body['version'], created.headers.get('etag')]).toEqual([201, 1, '"1"']);
    const route = created.body;
    const revisions = await routes.revisions();
    const same = {
      name: 'Urgent',
      position: 1,
      matchers: URGENT,
      destination_id: routes.destinationId,
      settings: { channel: 'urgent', topic: null },
      disabled: false,
    };
    for (const body of [{}, same, { disabled_at: null }, { settings: {} }]) {
      const { status, body: view, headers } = await routes.patch(route, body);
      expect([status, view['version'], headers.get('etag')]).toEqual([200, 1, '"1"']);
    }
    expect(await routes.revisions()).toEqual(revisions);
    expect(await routes.changesOf(route)).toHaveLength(1);
    const changed = await routes.patch(route, { name: 'Very urgent' });
    expect([changed.body['version'], changed.headers.get('etag')]).toEqual([2, '"2"']);
    expect(await routes.get(route)).toEqual(changed.body);
  });

  it('are made in part: what is left out stays, null removes a setting', async () => {
    const route = await routes.make({
      name: 'Urgent',
      matchers: URGENT,
      settings: { channel: 'urgent', topic: '{{ ticket.title }}', stop: true },
    });
    const { body } = await routes.patch(route, { settings: { topic: null, message: '**{{ ticket.title }}**' } });
    expect(body).toEqual({
      ...route,
      version: 2,
      settings: { channel: 'urgent', message: '**{{ ticket.title }}**', stop: true },
    });
    expect((await routes.patch(route, { matchers: [] })).body).toEqual({ ...body, version: 3, matchers: [] });
  });

  it('judge the next event, and make one revision each', async () => {
    const before = await routes.revisions();
    const route = await routes.make({ name: 'Urgent', matchers: URGENT, settings: { stop: true } });
    expect(await routes.judges({ title: 'Urgent!' })).toEqual(['Urgent']);
    await routes.patch(route, { settings: { stop: false } });
    expect(await routes.judges({ title: 'Urgent!' })).toEqual(['Urgent', 'Everything']);
    await routes.patch(route, { matchers: [{ field: 'ticket.title', op: 'eq', value: 'Calm' }], position: 2 });
    expect(await routes.judges({ title: 'Urgent!' })).toEqual(['Everything']);
    expect(await routes.judges({ title: 'Calm' })).toEqual(['Urgent', 'Everything']);
    await routes.patch(route, { disabled: true });
    expect(await routes.judges({ title: 'Calm' })).toEqual(['Everything']);
    await routes.patch(route, { disabled_at: null });
    await routes.remove(route);
    expect(await routes.judges({ title: 'Calm' })).toEqual(['Everything']);
    const after = await routes.revisions();
    // To position 2 it was not moved: the catch-all stays last.
    expect(after).toHaveLength(before.length + 6);
  });

  it('disable it from now on or from a time on, and enable it', async () => {
    const route = await routes.make({ name: 'Urgent', disabled: true });
    expect(route['disabled_at']).toEqual(expect.stringMatching(/^\d{4}-/));
    expect(await routes.judges()).toEqual(['Everything']);
    const since = (await routes.patch(route, { disabled_at: '2026-01-02T03:04:05Z' })).body;
    expect(since['disabled_at']).toBe('2026-01-02T03:04:05.000Z');
    expect((await routes.patch(route, { disabled: true })).body).toEqual(since);
    expect((await routes.patch(route, { disabled: false })).body['disabled_at']).toBeNull();
    expect(await routes.judges()).toEqual(['Urgent', 'Everything']);
  });

  it('are on the record', async () => {
    const route = await routes.make({ name: 'Urgent', matchers: URGENT });
    await routes.patch(route, { name: 'Calm', settings: { stop: true } });
    await routes.remove(route);
    const first = {
      name: 'Urgent',
      position: 1,
      matchers: URGENT,
      destination_id: routes.destinationId,
      settings: {},
      disabled_at: null,
    };
    const second = { ...first, name: 'Calm', settings: { stop: true } };
    const by = expect.objectContaining({ via: 'api', address: '127.0.0.1' }) as unknown;
    const facts = (action: string, before: object | null, after: object | null, name: string): unknown =>
      expect.objectContaining({ action, before, after, by, subject: { kind: 'route', id: route['id'], name } });
    expect(await routes.changesOf(route)).toEqual([
      facts('delete', second, null, 'Calm'),
      facts('update', first, second, 'Calm'),
      facts('create', null, first, 'Urgent'),
    ]);
  });

  it('of the first start are on the record as that', async () => {
    const [everything] = (await routes.all()) as [Row];
    expect(await routes.changesOf(everything)).toMatchObject([
      { action: 'create', by: { via: 'start', key_id: null } },
    ]);
  });

  it('are made to the version that was seen, or not at all', async () => {
    const route = await routes.make({ name: 'Urgent' });
    const stale = await routes.patch(route, { name: 'Calm' }, '"7"');
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition_failed']);
    expect((await routes.patch(route, { name: 'Calm' }, 'nonsense')).body['code']).toBe('invalid_if_match');
    expect((await routes.patch(route, { name: 'Calm' }, '"1"')).status).toBe(200);
    expect((await routes.remove(route, '"1"')).status).toBe(412);
    expect(await routes.order()).toBe('1 Calm, 2 Everything');
    expect((await routes.remove(route, '"2"')).status).toBe(204);
  });

  it('delete it: it is gone everywhere, its name is free, the later ones move up', async () => {
    const route = await routes.make({ name: 'Urgent' });
    await routes.make({ name: 'Second' });
    const id = await routes.event();
    const deleted = await routes.remove(route);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const answer of [
      await routes.remove(route),
      await routes.patch(route, { name: 'x' }),
      await routes.gateway.api('GET', `/routes/${String(route['id'])}`),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([404, 'not_found']);
    }
    expect(await routes.order()).toBe('1 Second, 2 Everything');
    await routes.make({ name: 'URGENT', position: 1 });
    expect(await routes.order()).toBe('1 URGENT, 2 Second, 3 Everything');
    // What it had asked for is sent all the same.
    const deliveries = await routes.gateway.settledDeliveries(`&event_id=${id}`);
    expect(deliveries.map((delivery) => [delivery['route_id'] === route['id'], delivery['state']])).toEqual([
      [true, 'delivered'],
      [false, 'skipped'],
      [false, 'skipped'],
    ]);
  });

  it('asked for twice under one key are made once', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await routes.create({ name: 'Once' }, headers);
    const again = await routes.create({ name: 'Once' }, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await routes.order()).toBe('1 Once, 2 Everything');
    expect((await routes.create({ name: 'Twice' }, headers)).body['code']).toBe('idempotency_key_reused');
  });
});
