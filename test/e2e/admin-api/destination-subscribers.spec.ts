import { ScriptedServer } from '../../../src/notifiers/testing/scripted-server.js';
import { type Answer, call, TestGateway } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

type Row = Record<string, unknown>;

const GIVEN = `whsec_${Buffer.from('thirty-two bytes that were given').toString('base64')}`;

describe('a subscriber of the ticket desk, as a destination', () => {
  let gateway: TestGateway;
  let server: ScriptedServer;

  beforeEach(async () => {
    gateway = await TestGateway.start({ SANDBOX: 'false' });
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    await gateway.stop();
    await server.stop();
  });

  const desk = (
    method: string,
    path: string,
    body?: Row,
    headers: Record<string, string> = {},
    key = gateway.adminKey,
  ) =>
    call(`${gateway.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  const register = (more: Row = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    desk('POST', '/webhooks/register', { callback_url: `${server.url}/hook`, ...more }, headers);
  const idOf = ({ body }: Answer): string => String((body['data'] as unknown as Row)['id']);
  const changes = async (id: string): Promise<Row[]> =>
    (await gateway.api('GET', `/changes?subject_id=${id}`)).body.data.reverse();
  const patch = (id: string, body: Row): Promise<Answer> => gateway.api('PATCH', `/destinations/${id}`, body);

  it('is on record with whoever registered and unregistered it', async () => {
    const { body: sources } = await gateway.api('GET', '/sources');
    const source = sources.data.find(({ provider }) => provider === 'ticket-desk');
    const made = await gateway.api('POST', '/api-keys', { name: 'Desk', role: 'ingest', source_id: source?.['id'] });
    const key = String(made.body['key']);
    const id = idOf(await desk('POST', '/webhooks/register', { callback_url: `${server.url}/hook` }, {}, key));
    await register();
    await register({ events: ['ticket_opened'], secret: GIVEN });
    await desk('DELETE', `/webhooks/unregister/${id}`, undefined, {}, key);
    const all = await changes(id);
    expect(all).toMatchObject([
      { action: 'create', by: { key_name: 'Desk', via: 'api' }, before: null, after: { is_subscriber: true } },
      {
        action: 'update',
        by: { key_name: 'ADMIN_API_KEY' },
        before: { settings: { url: `${server.url}/hook` }, secrets: { signing_secret: '***' } },
        after: { settings: { events: ['ticket_opened'] }, secrets: { signing_secret: '*** (changed)' } },
      },
      { action: 'delete', by: { key_name: 'Desk' }, after: null },
    ]);
    expect(JSON.stringify(all)).not.toContain('whsec_');
  });

  it('is registered once for an Idempotency-Key, and its secret is told once', async () => {
    const first = await register({}, { 'idempotency-key': 'one' });
    const again = await register({}, { 'idempotency-key': 'one' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.body['data']).toEqual({ id: idOf(first), secret: expect.stringMatching(/^whsec_/) });
    expect(again.body['data']).toEqual({ id: idOf(first) });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('keeps its address, which is what it is known by; the rest may change', async () => {
    const id = idOf(await register());
    const moved = await patch(id, { settings: { url: `${server.url}/other` }, secrets: { signing_secret: GIVEN } });
    expect(moved).toMatchObject({ status: 400, body: { errors: [{ field: 'settings.url' }] } });
    const changed = await patch(id, { settings: { events: ['ping'], format: 'cloudevents' }, name: 'Their hook' });
    expect(changed).toMatchObject({ status: 200, body: { is_subscriber: true, name: 'Their hook', version: 2 } });
    expect(idOf(await register())).toBe(id);
    const { body } = await desk('GET', '/webhooks');
    expect(body.data).toMatchObject([{ id, events: ['ping'], format: 'cloudevents' }]);
  });

  it('is deleted like any other, and what waits is cancelled', async () => {
    const id = idOf(await register());
    server.answer(500, '');
    await desk('POST', '/tickets', { ticket_message: 'Help' });
    await waitUntil(() => server.received.length === 1);
    expect((await gateway.api('DELETE', `/destinations/${id}`)).status).toBe(204);
    const settled = await gateway.settledDeliveries();
    expect(settled.map(({ state, reason }) => [state, reason])).toEqual([['cancelled', 'destination_deleted']]);
    expect((await desk('GET', '/webhooks')).body.data).toEqual([]);
    const again = await register();
    expect([again.status, idOf(again) === id]).toEqual([201, false]);
  });

  it('may always be unregistered, by whoever is called, also where routes lead to it', async () => {
    const id = idOf(await register());
    await gateway.api('POST', '/routes', { name: 'To it', matchers: [], destination_id: id });
    expect((await gateway.api('DELETE', `/destinations/${id}`)).body['code']).toBe('in_use');
    expect((await desk('DELETE', `/webhooks/unregister/${id}`)).status).toBe(200);
    expect((await gateway.api('GET', `/destinations/${id}`)).status).toBe(404);
    expect((await desk('DELETE', `/webhooks/unregister/${id}`)).status).toBe(200);
    expect((await changes(id)).map(({ action }) => action)).toEqual(['create', 'delete']);
  });
});
