import { ScriptedServer } from '../../../src/notifiers/testing/scripted-server.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

describe('test messages', () => {
  let gateway: TestGateway;
  let server: ScriptedServer;
  let id: string;

  beforeEach(async () => {
    gateway = await TestGateway.start({ SANDBOX: 'false' });
    server = await ScriptedServer.start();
    const body = { name: 'Hook', kind: 'webhook', settings: { url: server.url } };
    id = String((await gateway.api('POST', '/destinations', body)).body['id']);
  });
  afterEach(async () => {
    await gateway.stop();
    await server.stop();
  });

  const test = (key?: string): Promise<Answer> =>
    gateway.api(
      'POST',
      `/destinations/${id}/test`,
      undefined,
      gateway.adminKey,
      key === undefined ? {} : { 'idempotency-key': key },
    );

  it('are sent once for an Idempotency-Key', async () => {
    server.answer(200, 'thanks');
    const [first, second] = [await test('a'), await test('a')];
    expect(first.body).toEqual({ outcome: 'sent', http_status: 200, response: 'thanks' });
    expect(second.body).toEqual(first.body);
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(server.received).toHaveLength(1);
    await test('b');
    await test();
    await test();
    expect(server.received).toHaveLength(4);
  });

  it('hold up nobody while they are answered, with such a key or without', async () => {
    const held: (() => void)[] = [];
    server.answerBy((response) => held.push(() => response.end()));
    const tests = [test('a'), test('b'), test('c'), test('d'), test('e'), test()];
    await waitUntil(() => held.length === tests.length);
    const again = await test('a');
    expect([again.status, again.body['code']]).toEqual([409, 'in_progress']);
    expect((await gateway.api('PATCH', `/destinations/${id}`, { name: 'Renamed' })).status).toBe(200);
    for (const release of held) release();
    expect((await Promise.all(tests)).map(({ body }) => body['outcome'])).toEqual(tests.map(() => 'sent'));
    expect((await test('a')).headers.get('idempotency-replayed')).toBe('true');
    expect(held).toHaveLength(tests.length);
  });

  it('go out beside a pause and while it is disabled', async () => {
    await gateway.api('POST', `/destinations/${id}/pause`);
    await gateway.api('PATCH', `/destinations/${id}`, { disabled: true });
    expect((await test()).body['outcome']).toBe('sent');
    expect((await gateway.api('GET', `/destinations/${id}`)).body).toMatchObject({
      pauses: [{ reason: 'paused' }],
      disabled_at: expect.any(String),
      version: 3,
    });
  });
});
