import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from '../support/gateway-process.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const ADMIN_KEY = 'dw_0123456789abcdefghijklmnopqrstuvwxyz';

describe('stopping in good order', () => {
  let dataDir: string;
  let zulip: ScriptedZulip;
  let gateway: GatewayProcess;
  let url: string;
  let hookUrl: string;

  const start = async (): Promise<void> => {
    gateway = new GatewayProcess(dataDir, {
      ADMIN_API_KEY: ADMIN_KEY,
      ZULIP_SITE: zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'k',
      ZULIP_CHANNEL: 'support',
    });
    url = await gateway.started();
  };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'deskwire-shutdown-'));
    // As root, PostgreSQL runs as somebody else, who must be able to enter.
    chmodSync(dataDir, 0o711);
    zulip = await ScriptedZulip.start();
    await start();
    hookUrl = await waitUntil(() => /http:\S+\/hooks\/groove\/\S+/.exec(gateway.output)?.[0]);
  });

  afterEach(async () => {
    await gateway.kill();
    await zulip.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  });

  const post = (number: number): ReturnType<typeof call> =>
    call(hookUrl, {
      method: 'POST',
      headers: { 'x-groove-event': 'ticket_started' },
      body: JSON.stringify({ number, title: 'Kept' }),
    });

  const deliveries = async (): Promise<Record<string, unknown>[]> =>
    (await call(`${url}/api/v1/deliveries`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })).body.data;

  it('lets what is in the air land and records it, while it refuses what is new', async () => {
    zulip.answerNext('take-and-wait');
    expect((await post(1)).status).toBe(202);
    await waitUntil(() => zulip.taken.length === 1);
    gateway.signal('SIGTERM');
    await waitUntil(async () => (await call(`${url}/health/ready`, {})).status === 503);
    expect((await call(`${url}/health/live`, {})).status).toBe(200);
    const refused = await post(2);
    expect(refused).toMatchObject({ status: 503, body: { code: 'stopping' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    zulip.answerWaiting();
    expect(await gateway.ended()).toBe(0);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);

    await start();
    // No crash was cleaned up after: the answer was heard.
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 1, message_id: 100 }]);
    expect(zulip.received).toHaveLength(1);
  });
});
