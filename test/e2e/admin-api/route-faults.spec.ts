import { RouteTable } from '../../../src/routes/route-table.js';
import { waitUntil } from '../../support/wait-until.js';
import { RouteClient, type Row } from './route-client.js';

/** An operator that some other version may have had. */
const FOREIGN = [
  { field: 'ticket.number', op: 'exists', value: true },
  { field: 'type', op: 'resembles', value: 'x' },
];
const FAULT = 'op: "resembles" is not one of eq, ne, in, not_in, matches, not_matches, exists.';

describe('a stored route that cannot be used', () => {
  let routes: RouteClient;
  let broken: Row;

  beforeAll(async () => {
    routes = await RouteClient.start();
    broken = await routes.make({ name: 'Broken', settings: { stop: true } });
    await routes.make({ name: 'Sound' });
    await routes.sql('update routes set matchers = $2 where id = $1', [broken['id'], JSON.stringify(FOREIGN)]);
    // As the version that took it would have written it.
    const [revision] = await routes.sql<{ id: string }>(
      `insert into route_revisions (routes, created_at)
       select jsonb_set(routes, '{0,matchers}', $1::jsonb), now() from route_revisions order by id desc limit 1
       returning id`,
      [JSON.stringify(FOREIGN)],
    );
    const table = routes.gateway.app.get(RouteTable, { strict: false });
    await waitUntil(() => table.current.id === revision?.id);
  });
  afterAll(() => routes.stop());

  it('matches nothing; the others judge on', async () => {
    expect(await routes.judges()).toEqual(['Sound', 'Everything']);
  });

  it('says what is wrong with it, and can be mended', async () => {
    expect((await routes.get(broken))['fault']).toBe(`matchers.1: ${FAULT}`);
    const id = await routes.event();
    const { body } = await routes.gateway.api('GET', `/events/${id}/explain`);
    expect((body['routes'] as Row[])[0]).toMatchObject({
      name: 'Broken',
      matched: null,
      fault: `matchers.1: ${FAULT}`,
      matchers: [
        { field: 'ticket.number', matched: true },
        { field: 'type', op: 'resembles', value: 'x', matched: null, saw: null, fault: FAULT },
      ],
    });
    // It does not stop what comes after it.
    expect((body['routes'] as Row[])[1]).not.toHaveProperty('skipped_by_stop');
    const preview = await routes.gateway.api('POST', '/routes/preview', { event_id: id });
    const [event] = preview.body['events'] as { routes: Row[] }[];
    expect(event?.routes[0]).toMatchObject({ matched: false, fault: `matchers.1: ${FAULT}`, content: null });
    expect((await routes.patch(broken, { matchers: FOREIGN })).status).toBe(400);
    expect((await routes.patch(broken, { name: 'Still broken' })).body).toMatchObject({ fault: expect.any(String) });
    expect((await routes.patch(broken, { matchers: [] })).body['fault']).toBeNull();
    expect(await routes.judges()).toEqual(['Still broken']);
  });
});
