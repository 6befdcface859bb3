import { type Answer, TestGateway } from '../../support/test-gateway.js';

type Row = Record<string, unknown>;

const KEY = 'not-shown-again';
const SETTINGS = { site: 'https://chat.example.com', email: 'bot@example.com', channel: 'support' };
const UNKNOWN = '0199a000-0000-7000-8000-000000000001';

describe('changing destinations', () => {
  let gateway: TestGateway;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ SANDBOX: 'false' });
  });
  afterAll(() => gateway.stop());

  const create = async (fields: Row = {}): Promise<Row> => {
    made += 1;
    const body = { name: `Chat ${made}`, kind: 'zulip', settings: SETTINGS, secrets: { api_key: KEY }, ...fields };
    const answer = await gateway.api('POST', '/destinations', body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const request = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    gateway.api(method, `/destinations/${path}`, body, gateway.adminKey, headers);
  const patch = (id: unknown, body: Row, headers: Record<string, string> = {}): Promise<Answer> =>
    request('PATCH', String(id), body, headers);
  const get = async (id: unknown): Promise<Row> => (await request('GET', String(id))).body;
  /** Oldest first. */
  const changesOf = async (id: unknown): Promise<Row[]> =>
    (await gateway.api('GET', `/changes?subject_id=${String(id)}`)).body.data.reverse();

  it('changes what is named, and leaves the rest', async () => {
    const made = await create({ settings: { ...SETTINGS, topic: 'desk', join: false } });
    expect(made).toMatchObject({ version: 1, disabled_at: null });
    const answer = await patch(made['id'], {
      name: ' Renamed chat ',
      settings: { channel: 'helpdesk', topic: null, max_requests_per_minute: 60 },
    });
    const settings = { ...SETTINGS, channel: 'helpdesk', join: false, max_requests_per_minute: 60 };
    expect(answer).toMatchObject({ status: 200, body: { ...made, name: 'Renamed chat', settings, version: 2 } });
    expect(answer.headers.get('etag')).toBe('"2"');
    expect(answer.body['settings']).toEqual(settings);
    expect(await get(made['id'])).toEqual(answer.body);
  });

  it('takes back what it shows, and changes nothing by it', async () => {
    const { id, name, kind, settings, disabled_at } = await create();
    const answer = await patch(id, { name, kind, settings, disabled_at, secrets: { api_key: KEY } });
    expect(answer).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await patch(id, {})).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await changesOf(id)).toHaveLength(1);
  });

  it('honours If-Match: of two who change at the same time one wins', async () => {
    const { id } = await create();
    const shown = await request('GET', String(id));
    const ifMatch = { 'if-match': shown.headers.get('etag') ?? '' };
    const answers = await Promise.all(['one', 'two'].map((channel) => patch(id, { settings: { channel } }, ifMatch)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const won = answers.find(({ status }) => status === 200);
    expect(answers.find(({ status }) => status === 412)?.body['code']).toBe('precondition_failed');
    expect(await get(id)).toEqual(won?.body);
    for (const [method, path] of [
      ['DELETE', String(id)],
      ['POST', `${String(id)}/pause`],
      ['POST', `${String(id)}/resume`],
      ['POST', `${String(id)}/test`],
      ['POST', `${String(id)}/rotate-secret`],
    ] as const) {
      expect(await request(method, path, undefined, ifMatch)).toMatchObject({ status: 412 });
    }
    expect(await patch(id, { name: 'x' }, { 'if-match': 'nonsense' })).toMatchObject({ status: 400 });
    expect(await get(id)).toEqual(won?.body);
  });

  it('is done once with an Idempotency-Key, and shows the secret once', async () => {
    const body = { name: 'Once', kind: 'webhook', settings: { url: 'https://hooks.example.com/once' } };
    const post = (more: Row = {}): Promise<Answer> =>
      gateway.api('POST', '/destinations', { ...body, ...more }, gateway.adminKey, { 'idempotency-key': 'once' });
    const first = await post();
    const again = await post();
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual({ ...first.body, secret: undefined });
    expect(first.body['secret']).toMatch(/^whsec_/);
    expect(await post({ name: 'Twice' })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await changesOf(first.body['id'])).toHaveLength(1);
  });

  it('disables and enables', async () => {
    const { id } = await create();
    const since = '2026-01-02T03:04:05.000Z';
    expect(await patch(id, { disabled_at: since })).toMatchObject({ status: 200, body: { disabled_at: since } });
    expect(await patch(id, { disabled: true })).toMatchObject({ body: { disabled_at: since, version: 2 } });
    expect(await patch(id, { disabled_at: null })).toMatchObject({ body: { disabled_at: null, version: 3 } });
    const { body } = await patch(id, { disabled: true });
    expect(Math.abs(Date.parse(String(body['disabled_at'])) - Date.now())).toBeLessThan(60_000);
    expect(await patch(id, { disabled: false })).toMatchObject({ body: { disabled_at: null, version: 5 } });
    expect(await create({ disabled_at: since })).toMatchObject({ disabled_at: since });
  });

  it('does not let two have one name, however it is capitalised', async () => {
    const { id } = await create({ name: 'Taken' });
    const other = await create();
    const answer = await patch(other['id'], { name: 'tAKEN' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'name_taken' } });
    expect(await get(other['id'])).toEqual(other);
    expect(await patch(id, { name: 'TAKEN' })).toMatchObject({ status: 200 });
  });

  it('deletes: it is gone everywhere, and its name is free', async () => {
    const { id } = await create({ name: 'Short-lived' });
    const answer = await request('DELETE', String(id));
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const [method, path] of [
      ['GET', String(id)],
      ['PATCH', String(id)],
      ['DELETE', String(id)],
      ...['pause', 'resume', 'test', 'check', 'rotate-secret'].map((action) => ['POST', `${String(id)}/${action}`]),
    ] as [string, string][]) {
      const body = method === 'PATCH' ? {} : undefined;
      expect(await request(method, path, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await request(method, path.replace(String(id), UNKNOWN), body)).toMatchObject({ status: 404 });
    }
    const { data } = (await gateway.api('GET', '/destinations?limit=500')).body;
    expect(data.map((row) => row['id'])).not.toContain(id);
    await create({ name: 'Short-lived' });
  });

  it('does not delete what routes lead to, and names them', async () => {
    const { id } = await create();
    const makeRoute = async (name: string): Promise<unknown> =>
      (await gateway.api('POST', '/routes', { name, matchers: [], destination_id: id })).body['id'];
    const routes = [await makeRoute('First of two'), await makeRoute('Second of two')];
    const answer = await request('DELETE', String(id));
    expect(answer).toMatchObject({ status: 409, body: { code: 'in_use' } });
    expect(answer.body['used_by']).toEqual([
      { kind: 'route', id: routes[0], name: 'First of two' },
      { kind: 'route', id: routes[1], name: 'Second of two' },
    ]);
    expect(await patch(id, { disabled: true })).toMatchObject({ status: 200 });
    expect(await changesOf(id)).toHaveLength(2);
  });

  it('is not deleted under a route that is being saved', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await create();
      const route = { name: `Racing ${round}`, matchers: [], destination_id: id };
      const [saved, deleted] = await Promise.all([
        gateway.api('POST', '/routes', route),
        request('DELETE', String(id)),
      ]);
      expect([
        [201, 409],
        [400, 204],
      ]).toContainEqual([saved.status, deleted.status]);
    }
  });

  it('is on record: who, what, before and after, never the secret', async () => {
    const { id } = await create({ name: 'Recorded' });
    await patch(id, { settings: { email: 'other@example.com' }, secrets: { api_key: 'another-secret' } });
    await patch(id, { name: 'Recorded again', disabled_at: '2026-01-01' });
    await request('POST', `${String(id)}/resume`);
    await request('DELETE', String(id));
    const changes = await changesOf(id);
    expect(changes.map(({ action }) => action)).toEqual(['create', 'update', 'update', 'resume', 'delete']);
    expect(changes.every(({ by }) => (by as Row)['via'] === 'api' && (by as Row)['address'] === '127.0.0.1')).toBe(
      true,
    );
    const first = {
      name: 'Recorded',
      kind: 'zulip',
      settings: SETTINGS,
      secrets: { api_key: '***' },
      is_subscriber: false,
      disabled_at: null,
    };
    const settings = { ...SETTINGS, email: 'other@example.com' };
    const second = { ...first, settings, secrets: { api_key: '*** (changed)' } };
    const third = { ...first, settings, name: 'Recorded again', disabled_at: '2026-01-01T00:00:00.000Z' };
    const fourth = { ...third, disabled_at: null };
    expect(changes.map(({ before, after }) => [before, after])).toEqual([
      [null, first],
      [first, second],
      [{ ...first, settings }, third],
      [
        { ...third, pauses: [] },
        { ...fourth, pauses: [] },
      ],
      [fourth, null],
    ]);
    expect(changes.at(-1)?.['subject']).toEqual({ kind: 'destination', id, name: 'Recorded again' });
    expect(JSON.stringify(changes)).not.toMatch(/not-shown-again|another-secret/);
  });

  it('is for admins', async () => {
    const { id } = await create();
    const { body } = await gateway.api('POST', '/api-keys', { name: 'Audit', role: 'auditor' });
    const key = String(body['key']);
    const path = `/destinations/${String(id)}`;
    for (const [method, address] of [
      ['POST', '/destinations'],
      ['PATCH', path],
      ['DELETE', path],
      ['POST', '/destinations/check'],
      ...['pause', 'resume', 'test', 'check', 'rotate-secret'].map((action) => ['POST', `${path}/${action}`]),
    ] as [string, string][]) {
      expect((await gateway.api(method, address, {}, key)).status).toBe(403);
      expect((await gateway.api(method, address, {}, null)).status).toBe(401);
    }
    expect((await gateway.api('GET', path, undefined, key)).status).toBe(200);
  });
});
