import { RouteClient, type Row } from './route-client.js';

describe('admins who change routes at the same time', () => {
  let routes: RouteClient;

  beforeEach(async () => {
    routes = await RouteClient.start();
  });
  afterEach(() => routes.stop());

  it('with the same version in hand: one of them succeeds', async () => {
    const route = await routes.make({ name: 'Urgent' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => routes.patch(route, { name: `Number ${index}` }, '"1"')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await routes.get(route)).toEqual(winner?.body);
    expect(await routes.changesOf(route)).toHaveLength(2);
  });

  it('with one name for several: one of them gets it', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => routes.create({ name: 'Same' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body['code']).toBe('name_taken');
    expect(await routes.order()).toBe('1 Same, 2 Everything');
  });

  it('leave positions that are dense and unique, and a revision that holds them', async () => {
    const first: Row[] = [];
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) first.push(await routes.make({ name }));
    const ids = (await routes.all()).map((route) => route['id']);
    const work = [
      ...Array.from({ length: 6 }, (_, index) => routes.create({ name: `New ${index}`, position: 1 + (index % 3) })),
      ...first.slice(0, 3).map((route, index) => routes.patch(route, { position: 6 - index })),
      ...first.slice(3).map((route) => routes.remove(route)),
      ...Array.from({ length: 3 }, () => routes.reorder(ids.toReversed())),
    ];
    const answers = await Promise.all(work);
    // Whoever reorders what has changed meanwhile is told so.
    expect(answers.slice(12).every(({ status }) => [200, 409].includes(status))).toBe(true);
    expect(answers.slice(0, 12).map(({ status }) => Math.floor(status / 100))).toEqual(new Array<number>(12).fill(2));
    const all = await routes.all();
    expect(all.map((route) => route['position'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const [newest] = await routes.revisions();
    const { body } = await routes.gateway.api('GET', `/routes/revisions/${String(newest)}`);
    expect((body['routes'] as Row[]).map(({ id, position }) => [id, position])).toEqual(
      all.map(({ id, position }) => [id, position]),
    );
    expect(await routes.judges()).toEqual(all.map((route) => route['name']));
  });

  it('never lead a route to a destination that is being deleted or disabled', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { body } = await routes.gateway.api('POST', '/destinations', {
        name: `Brief ${round}`,
        kind: 'webhook',
        settings: { url: 'http://127.0.0.1:2999/hook' },
      });
      const path = `/destinations/${String(body['id'])}`;
      const [made, gone] = await Promise.all([
        routes.create({ name: `To it ${round}`, destination_id: body['id'] }),
        routes.gateway.api('DELETE', path),
      ]);
      const codes = [made.body['code'] ?? made.status, gone.body['code'] ?? gone.status];
      expect([
        [201, 'in_use'],
        ['unknown_destination', 204],
      ]).toContainEqual(codes);
    }
  });
});
