import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { DestinationDirectory } from '../../../src/destinations/destination-directory.js';
import { sealSecrets } from '../../../src/destinations/destination-secrets.js';
import { ScriptedServer } from '../../../src/notifiers/testing/scripted-server.js';
import { SandboxZulip } from '../../../src/sandbox/sandbox-zulip.js';
import { SecretBox } from '../../../src/secrets/secret-box.js';
import { SANDBOX_BOT } from '../../../src/start-up/sandbox-switch.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

const HOUR_MS = 3_600_000;
const GIVEN = `whsec_${Buffer.from('thirty-two bytes that were given').toString('base64')}`;

describe('a bot’s new key', () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await TestGateway.start();
  });
  afterEach(() => gateway.stop());

  /** Of one ticket: they keep their order. */
  const reply = async (numbers: number[]): Promise<void> => {
    for (const number of numbers) {
      await gateway.groove('customer_replied', {
        id: `reply-${number}`,
        plain_text_body: `reply ${number}`,
        links: { ticket: { href: '/v1/tickets/9' }, author: { href: '/v1/customers/c@example.com' } },
      });
    }
  };
  const replies = async (): Promise<unknown[]> =>
    (await gateway.sandboxMessages()).map(({ content }) => /^> (.*)$/m.exec(content)?.[1]);

  it('lets go at once what waited while the old one was refused: all of it, in order', async () => {
    await reply([1]);
    await waitUntil(async () => (await replies()).length === 1);
    gateway.app
      .get(SandboxZulip, { strict: false })
      .configure({ email: SANDBOX_BOT, apiKey: 'the-new-key', rateLimit: 10_000 });
    await reply([2]);
    const [destination] = (await gateway.api('GET', '/destinations')).body.data;
    const path = `/destinations/${String(destination?.['id'])}`;
    await waitUntil(async () => ((await gateway.api('GET', path)).body['pauses'] as unknown[]).length === 1);
    await reply([3, 4, 5]);
    const { body: paused } = await gateway.api('GET', '/deliveries?state=pending');
    expect(paused.data).toHaveLength(4);
    const answer = await gateway.api('PATCH', path, { secrets: { api_key: 'the-new-key' }, settings: { join: false } });
    expect(answer.status).toBe(200);
    const settled = await gateway.settledDeliveries();
    expect(settled.map(({ state }) => state)).toEqual(Array(5).fill('delivered'));
    expect(await replies()).toEqual([1, 2, 3, 4, 5].map((number) => `reply ${number}`));
    await waitUntil(async () => ((await gateway.api('GET', path)).body['pauses'] as unknown[]).length === 0);
    expect(answer.text).not.toContain('the-new-key');
  });
});

describe('what a webhook is signed with', () => {
  let gateway: TestGateway;
  let server: ScriptedServer;
  let clock: FakeClock;
  let id: string;
  let first: string;

  beforeEach(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start({ SANDBOX: 'false' }, clock);
    server = await ScriptedServer.start();
    const settings = { url: server.url };
    const { body } = await gateway.api('POST', '/destinations', { name: 'Hook', kind: 'webhook', settings });
    id = String(body['id']);
    first = String(body['secret']);
  });
  afterEach(async () => {
    await gateway.stop();
    await server.stop();
  });

  const post = (action: string, headers: Record<string, string> = {}): Promise<Answer> =>
    gateway.api('POST', `/destinations/${id}/${action}`, undefined, gateway.adminKey, headers);
  const rotate = async (): Promise<string> => String((await post('rotate-secret')).body['secret']);
  /** Which of the secrets a receiver may know by now. */
  const signing = async (secrets: string[]): Promise<boolean[]> => {
    expect((await post('test')).body['outcome']).toBe('sent');
    const { headers } = server.lastRequest;
    const signatures = String(headers['webhook-signature']).split(' ');
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
    const { body } = server.lastRequest;
    return secrets.map((secret) =>
      signatures.includes(new Webhook(secret).sign(String(headers['webhook-id']), at, body)),
    );
  };

  it('is also each former secret, until its own day is over', async () => {
    const second = await rotate();
    clock.advance(12 * HOUR_MS);
    const third = await rotate();
    const all = [first, second, third];
    expect(await signing(all)).toEqual([true, true, true]);
    clock.advance(12 * HOUR_MS);
    expect(await signing(all)).toEqual([false, true, true]);
    clock.advance(12 * HOUR_MS);
    expect(await signing(all)).toEqual([false, false, true]);
  });

  it('is also the one before where another is given by a change', async () => {
    const change = { secrets: { signing_secret: GIVEN } };
    const answer = await gateway.api('PATCH', `/destinations/${id}`, change);
    expect(answer).toMatchObject({ status: 200, body: { version: 2 } });
    expect(answer.text).not.toContain('whsec_');
    expect(await signing([first, GIVEN])).toEqual([true, true]);
    // The same again is no change.
    expect(await gateway.api('PATCH', `/destinations/${id}`, change)).toMatchObject({ body: { version: 2 } });
  });

  it('does not end before its day for the sake of an eleventh', async () => {
    for (let times = 0; times < 10; times += 1) await rotate();
    const eleventh = await post('rotate-secret');
    expect(eleventh).toMatchObject({ status: 409, body: { code: 'too_many_secrets' } });
    expect(await signing([first])).toEqual([true]);
    clock.advance(24 * HOUR_MS);
    expect(await post('rotate-secret')).toMatchObject({ status: 200 });
  });

  it('is still read as it was stored when there was one former secret at most', async () => {
    const previous_until = new Date(clock.now().getTime() + HOUR_MS).toISOString();
    const stored = { signing_secret: GIVEN, previous_signing_secret: first, previous_until };
    const client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    const sealed = sealSecrets(id, stored, gateway.app.get(SecretBox, { strict: false }));
    await client.query('update destinations set secrets = $2 where id = $1', [id, sealed]);
    await client.end();
    await gateway.app.get(DestinationDirectory, { strict: false }).reload();
    expect(await signing([first, GIVEN])).toEqual([true, true]);
    const third = await rotate();
    expect(await signing([first, GIVEN, third])).toEqual([true, true, true]);
    clock.advance(HOUR_MS);
    expect(await signing([first, GIVEN, third])).toEqual([false, true, true]);
  });

  it('is told once, also to whoever asks twice; the record tells of it', async () => {
    const once = { 'idempotency-key': 'rotate' };
    const told = await post('rotate-secret', once);
    const again = await post('rotate-secret', once);
    expect(told.body).toEqual({ secret: expect.stringMatching(/^whsec_/), version: 2 });
    expect(again.body).toEqual({ version: 2 });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const changes = await gateway.api('GET', `/changes?subject_id=${id}`);
    expect(changes.body.data).toMatchObject([
      {
        action: 'rotate_secret',
        before: { secrets: { signing_secret: '***' } },
        after: { secrets: { signing_secret: '*** (changed)' } },
      },
      { action: 'create' },
    ]);
    expect(changes.text).not.toContain('whsec_');
  });
});
