import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { validateEnvironment } from '../config/validate-environment.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres/embedded-postgres.js';
import { migrate } from '../database/migrate.js';
import { newToken } from '../secrets/secret-token.js';
import { type RunningGateway, startGateway } from '../start-gateway.js';
import { type DemoWebhook, loadDemoWebhooks } from './load-demo-webhooks.js';

/** Far more than a message takes to arrive. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 50;

interface Delivery {
  state: string;
  channel: string | null;
  topic: string | null;
  content: string | null;
  reason: string | null;
}

/**
 * Starts a gateway of its own in a temporary directory, posts one real webhook of each provider to it, prints the messages
 * that came out, and cleans up.
 *
 * @returns the exit code
 */
export async function runDemo(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'deskwire-demo-'));
  // As root, PostgreSQL runs as somebody else, who must be able to enter.
  await chmod(dataDir, 0o711);
  const environment = validateEnvironment({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', SANDBOX: 'true' });
  const log = { info: () => undefined, warn: complain, error: complain };
  const database = await startEmbeddedPostgres({ dataDir, log });
  try {
    await migrate(database.url, new Date());
    const gateway = await startGateway({ environment, databaseUrl: database.url, encryptionKey: newToken() });
    try {
      // The build lies in dist/src/demo, the fixtures beside the sources.
      const webhooks = loadDemoWebhooks(join(__dirname, '../../../src/providers'));
      for (const webhook of webhooks) await show(webhook, gateway);
      return 0;
    } finally {
      await gateway.stop();
    }
  } finally {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

async function show(webhook: DemoWebhook, gateway: RunningGateway): Promise<void> {
  const source = gateway.firstStart.newSources.find(({ provider }) => provider === webhook.provider);
  if (!source) throw new Error(`The first start made no source of ${webhook.provider}.`);
  const response = await fetch(source.hook_url, { method: 'POST', headers: webhook.headers, body: webhook.body });
  const answer = (await response.json()) as { event_ids?: string[] };
  process.stdout.write(`\n${webhook.provider}: ${webhook.fixture} → ${response.status} ${JSON.stringify(answer)}\n`);
  for (const id of answer.event_ids ?? []) {
    for (const delivery of await settled(id, gateway)) process.stdout.write(describe(delivery));
  }
}

async function settled(eventId: string, gateway: RunningGateway): Promise<Delivery[]> {
  const until = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const response = await fetch(`${gateway.url}/api/v1/deliveries?event_id=${eventId}`, {
      headers: { authorization: `Bearer ${gateway.firstStart.adminKey ?? ''}` },
    });
    const { data } = (await response.json()) as { data: Delivery[] };
    const open = data.some(({ state }) => state === 'pending' || state === 'sending');
    if (!open || Date.now() > until) return data;
    await sleep(LOOK_EVERY_MS);
  }
}

function describe({ state, channel, topic, content, reason }: Delivery): string {
  const message = (content ?? '').replaceAll(/^/gm, '  │ ');
  return `  ${state}${reason === null ? '' : ` (${reason})`}: #${channel ?? '?'} › ${topic ?? '?'}\n${message}\n`;
}
