import { FakeGroove } from '../../support/fake-groove.js';
import { type Answer, call, TestGateway } from '../../support/test-gateway.js';

type Row = Record<string, unknown>;

describe('deleting and renaming sources', () => {
  let gateway: TestGateway;
  let destinationId: unknown;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    destinationId = (await gateway.api('GET', '/destinations')).body.data[0]?.['id'];
  });
  afterAll(() => gateway.stop());

  const createSource = async (more: object = {}): Promise<Row> => {
    const answer = await gateway.api('POST', '/sources', { name: `Gone ${(made += 1)}`, provider: 'groove', ...more });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const createRoute = async (matchers: object[], more: object = {}): Promise<Row> => {
    const body = { name: `Route ${(made += 1)}`, matchers, destination_id: destinationId, ...more };
    const answer = await gateway.api('POST', '/routes', body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const remove = (source: Row, headers?: Record<string, string>): Promise<Answer> =>
    gateway.api('DELETE', `/sources/${String(source['id'])}`, undefined, gateway.adminKey, headers);
  const rename = (source: Row, name: string): Promise<Answer> =>
    gateway.api('PATCH', `/sources/${String(source['id'])}`, { name });
  const hook = (source: Row): Promise<Answer> =>
    gateway.groove('ticket_started', { number: (made += 1), title: 'Gone' }, String(source['hook_url']));
  const asUser = (kind: string, { id, name }: Row): Row => ({ kind, id, name });

  it('leaves its events and its name in the log, and frees the name', async () => {
    const source = await createSource({ secrets: { api_token: 'psst-psst' } });
    const { body: taken } = await hook(source);
    const [eventId] = taken['event_ids'] as string[];
    const removed = await remove(source);
    expect([removed.status, removed.text]).toEqual([204, '']);

    const path = `/sources/${String(source['id'])}`;
    expect((await gateway.api('GET', path)).status).toBe(404);
    expect((await gateway.api('PATCH', path, { name: 'x' })).status).toBe(404);
    expect((await gateway.api('POST', `${path}/rotate-token`)).status).toBe(404);
    expect((await gateway.api('POST', `${path}/subscriptions`)).status).toBe(404);
    expect((await remove(source)).status).toBe(404);
    expect((await hook(source)).status).toBe(404);
    const { body: list } = await gateway.api('GET', '/sources?limit=500');
    expect(list.data.map(({ id }) => id)).not.toContain(source['id']);
    const { body: event } = await gateway.api('GET', `/events/${String(eventId)}`);
    expect(event).toMatchObject({ source: { id: source['id'], provider: 'groove', name: source['name'] } });

    const again = await createSource({ name: source['name'] });
    expect(again['id']).not.toBe(source['id']);
    const { body: changes } = await gateway.api('GET', `/changes?subject_id=${String(source['id'])}&limit=1`);
    expect(changes.data).toMatchObject([
      {
        action: 'delete',
        subject: { kind: 'source', id: source['id'], name: source['name'] },
        before: { name: source['name'], provider: 'groove', settings: {}, secrets: { api_token: '***' } },
        after: null,
      },
    ]);
  });

  it('heeds If-Match', async () => {
    const source = await createSource();
    const refused = await remove(source, { 'if-match': '"2"' });
    expect([refused.status, refused.body['code']]).toEqual([412, 'precondition_failed']);
    expect((await remove(source, { 'if-match': '"1"' })).status).toBe(204);
  });

  it.each<[string, (source: Row) => object]>([
    ['its id', ({ id }) => ({ field: 'source.id', op: 'eq', value: id })],
    ['its name', ({ name }) => ({ field: 'source.name', op: 'eq', value: name })],
    ['its id among others', ({ id }) => ({ field: 'source.id', op: 'in', value: ['x', id] })],
    ['its name among others', ({ name }) => ({ field: 'source.name', op: 'in', value: [name, 'x'] })],
  ])('is refused while a route names it by %s, be it disabled', async (_story, matcherOf) => {
    const source = await createSource();
    const route = await createRoute([{ field: 'type', op: 'exists' }, matcherOf(source)], { disabled: true });
    const refused = await remove(source);
    expect([refused.status, refused.body]).toEqual([
      409,
      {
        type: 'about:blank',
        title: 'Conflict',
        status: 409,
        detail: `The source is in use by route "${String(route['name'])}".`,
        code: 'in_use',
        used_by: [asUser('route', route)],
      },
    ]);
    expect((await hook(source)).status).toBe(202);
    await gateway.api('DELETE', `/routes/${String(route['id'])}`);
    expect((await remove(source)).status).toBe(204);
  });

  it('is not refused for routes that leave it out, or name another', async () => {
    const source = await createSource();
    const route = await createRoute([
      { field: 'source.name', op: 'ne', value: source['name'] },
      { field: 'source.id', op: 'not_in', value: [source['id']] },
      { field: 'ticket.title', op: 'eq', value: source['name'] },
      { field: 'source.name', op: 'eq', value: String(source['name']).toUpperCase() },
    ]);
    expect((await remove(source)).status).toBe(204);
    await gateway.api('DELETE', `/routes/${String(route['id'])}`);
  });

  it('is refused while keys post for it, and its helpdesk calls it', async () => {
    const groove = await FakeGroove.start({ tellsIds: true });
    const source = await createSource({ settings: { api_url: groove.url }, secrets: { api_token: groove.token } });
    const path = `/sources/${String(source['id'])}`;
    const keyOf = async (more: object = {}): Promise<Row> =>
      (await gateway.api('POST', '/api-keys', { name: 'Poster', role: 'ingest', source_id: source['id'], ...more }))
        .body;
    const [key, revoked] = [await keyOf(), await keyOf()];
    await gateway.api('DELETE', `/api-keys/${String(revoked['id'])}`);
    const { body } = await gateway.api('POST', `${path}/subscriptions`, { events: ['note_added'] });
    const refused = await remove(source);
    expect([refused.status, refused.body['used_by'], refused.body['detail']]).toEqual([
      409,
      [asUser('api_key', key), { kind: 'subscription', id: body.data[0]?.['id'], name: 'note_added' }],
      'The source is in use by api key "Poster", subscription "note_added".',
    ]);
    await gateway.api('DELETE', `/api-keys/${String(key['id'])}`);
    expect((await remove(source)).status).toBe(409);
    await gateway.api('DELETE', `${path}/subscriptions`);
    expect((await remove(source)).status).toBe(204);
    await groove.stop();
  });

  it.each<[string, string, (name: unknown) => unknown]>([
    ['is', 'eq', (name) => name],
    ['is not', 'ne', (name) => name],
    ['is among', 'in', (name) => ['x', name]],
    ['is not among', 'not_in', (name) => [name, 'x']],
  ])('refuses another name while a route asks what %s it', async (_story, op, valueOf) => {
    const source = await createSource();
    const { name } = source;
    const newName = `${String(name)} anew`;
    const route = await createRoute([{ field: 'source.name', op, value: valueOf(name) }]);
    const refused = await rename(source, newName);
    expect([refused.status, refused.body['code'], refused.body['used_by'], refused.body['detail']]).toEqual([
      409,
      'in_use',
      [asUser('route', route)],
      `Routes name this source by its name, which another would leave unmatched: "${String(route['name'])}". ` +
        'Let them match source.id, or both names, first.',
    ]);
    expect((await gateway.api('GET', `/sources/${String(source['id'])}`)).body).toMatchObject({ name, version: 1 });
    // Other changes are free.
    const other = { settings: { deduplicate_seconds: 1 }, name };
    expect((await gateway.api('PATCH', `/sources/${String(source['id'])}`, other)).status).toBe(200);

    const both = { field: 'source.name', op: op === 'eq' || op === 'in' ? 'in' : 'not_in', value: [name, newName] };
    expect((await gateway.api('PATCH', `/routes/${String(route['id'])}`, { matchers: [both] })).status).toBe(200);
    const renamed = await rename(source, newName);
    expect([renamed.status, renamed.body['name']]).toEqual([200, newName]);
    await gateway.api('DELETE', `/routes/${String(route['id'])}`);
  });

  it('leaves routes free that match by id, by a pattern, or another name', async () => {
    const source = await createSource();
    const route = await createRoute([
      { field: 'source.id', op: 'eq', value: source['id'] },
      { field: 'source.name', op: 'matches', value: 'Gone' },
      { field: 'source.name', op: 'ne', value: 'Gone' },
    ]);
    expect((await rename(source, `${String(source['name'])} anew`)).status).toBe(200);
    await gateway.api('DELETE', `/routes/${String(route['id'])}`);
  });

  it('can take the last desk and the last generic source, and says what is missing then', async () => {
    const { body: list } = await gateway.api('GET', '/sources?limit=500');
    for (const source of list.data) {
      if (['ticket-desk', 'generic'].includes(String(source['provider']))) {
        expect((await remove(source)).status).toBe(204);
      }
    }
    const post = (path: string, body: object): Promise<Answer> =>
      call(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const callback = { callback_url: 'http://127.0.0.1:9/hook' };
    const answers = [
      await post('/tickets', { ticket_message: 'Anybody?' }),
      await post('/webhooks/ping', {}),
      await post('/webhooks/register', callback),
      await post('/service/available', {}),
      await post('/api/integrations/webhook', { title: 'Anybody?', description: 'x' }),
    ];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual(
      Array<unknown>(5).fill([409, 'source_disabled']),
    );
    expect(answers[0]?.body['detail']).toBe('No source of the provider ticket-desk is enabled: enable or add one.');
    const desk = await createSource({ provider: 'ticket-desk' });
    expect((await post('/tickets', { ticket_message: 'Again' })).status).toBe(201);
    expect((await remove(desk)).status).toBe(204);
  });
});
