import { RouteClient, type Row } from './route-client.js';

const NOBODY = '01890000-0000-7000-8000-000000000000';

describe('the order of routes', () => {
  let routes: RouteClient;
  let made: Record<string, Row>;

  beforeEach(async () => {
    routes = await RouteClient.start();
    made = { Everything: (await routes.all())[0] as Row };
    for (const name of ['A', 'B', 'C']) made[name] = await routes.make({ name });
  });
  afterEach(() => routes.stop());

  const one = (name: string): Row => made[name] as Row;
  const ids = (...names: string[]): unknown[] => names.map((name) => one(name)['id']);

  it.each<[string, string, number, string]>([
    ['up', 'C', 1, '1 C, 2 A, 3 B, 4 Everything'],
    ['down', 'A', 3, '1 B, 2 C, 3 A, 4 Everything'],
    ['as far down as can be: the catch-all stays last', 'A', 9_999, '1 B, 2 C, 3 A, 4 Everything'],
    ['to where it is', 'B', 2, '1 A, 2 B, 3 C, 4 Everything'],
    ['up, the catch-all itself', 'Everything', 2, '1 A, 2 Everything, 3 B, 4 C'],
  ])('changes when one is moved %s', async (_way, name, position, order) => {
    const before = await routes.all();
    expect((await routes.patch(one(name), { position })).status).toBe(200);
    expect(await routes.order()).toBe(order);
    // Another place is another version, also of those that it passes: whoever saw the old one is to look again.
    for (const route of await routes.all()) {
      const known = before.find(({ id }) => id === route['id']);
      const isElsewhere = route['position'] !== known?.['position'];
      expect(route['version']).toBe(Number(known?.['version']) + (isElsewhere ? 1 : 0));
    }
  });

  it('is another version of a route that others have moved: If-Match of the one before is a 412', async () => {
    const seen = `"${String((await routes.get(one('B')))['version'])}"`;
    await routes.make({ name: 'First', position: 1 });
    const late = await routes.gateway.api('PATCH', `/routes/${String(one('B')['id'])}`, { position: 1 }, undefined, {
      'if-match': seen,
    });
    expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed']);
  });

  it('has no place that is always last once the catch-all was moved', async () => {
    await routes.patch(one('Everything'), { position: 1 });
    await routes.patch(one('Everything'), { position: 9_999 });
    await routes.make({ name: 'D' });
    expect(await routes.order()).toBe('1 A, 2 B, 3 C, 4 Everything, 5 D');
  });

  it('is given to all at once, and obeyed by the next event', async () => {
    const revisions = await routes.revisions();
    const { status, body } = await routes.reorder(ids('C', 'A', 'B', 'Everything'));
    expect(status).toBe(200);
    expect(body.data.map(({ name, position, version }) => [name, position, version])).toEqual([
      ['C', 1, 2],
      ['A', 2, 2],
      ['B', 3, 2],
      ['Everything', 4, 4],
    ]);
    expect(await routes.order()).toBe('1 C, 2 A, 3 B, 4 Everything');
    expect(await routes.judges()).toEqual(['C', 'A', 'B', 'Everything']);
    expect(await routes.revisions()).toHaveLength(revisions.length + 1);
    await routes.make({ name: 'D' });
    expect(await routes.order()).toBe('1 C, 2 A, 3 B, 4 D, 5 Everything');
  });

  it('may leave something behind the catch-all, which is not always last from then on', async () => {
    await routes.reorder(ids('A', 'Everything', 'C', 'B'));
    await routes.make({ name: 'D' });
    expect(await routes.order()).toBe('1 A, 2 Everything, 3 C, 4 B, 5 D');
  });

  it('that is given again is no change', async () => {
    const before = [await routes.revisions(), (await routes.gateway.api('GET', '/changes')).body.data];
    expect((await routes.reorder(ids('A', 'B', 'C', 'Everything'))).status).toBe(200);
    expect([await routes.revisions(), (await routes.gateway.api('GET', '/changes')).body.data]).toEqual(before);
  });

  it('is on the record with the fewest moves that make it', async () => {
    await routes.reorder(ids('C', 'A', 'B', 'Everything'));
    const { body } = await routes.gateway.api('GET', '/changes?action=reorder');
    expect(body.data).toMatchObject([
      { subject: { kind: 'route', id: one('C')['id'], name: 'C' }, before: { position: 3 }, after: { position: 1 } },
    ]);
  });

  it('is given to the list that was seen, or not at all', async () => {
    const list = await routes.gateway.api('GET', '/routes?limit=1');
    const etag = String(list.headers.get('etag'));
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    await routes.patch(one('B'), { name: 'B, renamed' });
    const stale = await routes.reorder(ids('C', 'A', 'B', 'Everything'), etag);
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition_failed']);
    const seen = String((await routes.gateway.api('GET', '/routes')).headers.get('etag'));
    const done = await routes.reorder(ids('C', 'A', 'B', 'Everything'), seen);
    expect(done.status).toBe(200);
    const now = String((await routes.gateway.api('GET', '/routes?limit=1')).headers.get('etag'));
    expect([done.headers.get('etag'), now === seen]).toEqual([now, false]);
  });

  it.each<[string, (all: unknown[]) => unknown, number, string, RegExp]>([
    ['one missing', (all) => all.slice(1), 409, 'routes_changed', /missing: "A" \([0-9a-f-]{36}\)\.$/],
    ['one that there is not', (all) => [...all, NOBODY], 409, 'routes_changed', /there is no route 01890000-/],
    ['one twice', (all) => [...all, all[0]], 400, 'validation_failed', /ids must not name a route twice/],
    ['none', () => [], 409, 'routes_changed', /missing: "A"/],
    ['no ids', () => ['A'], 400, 'validation_failed', /each value in ids must be a UUID/],
    ['null for one', (all) => [...all, null], 400, 'validation_failed', /UUID/],
    ['no list', () => 'A', 400, 'validation_failed', /ids must be an array/],
    [
      'too many',
      () => Array.from({ length: 1_001 }, () => NOBODY),
      400,
      'validation_failed',
      /ids: holds too many values/,
    ],
  ])('is refused with %s, and stays', async (_what, of, status, code, detail) => {
    const answer = await routes.reorder(of(ids('A', 'B', 'C', 'Everything')));
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.body['detail']).toMatch(detail);
    expect(await routes.order()).toBe('1 A, 2 B, 3 C, 4 Everything');
  });
});
