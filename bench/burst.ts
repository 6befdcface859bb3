import { setTimeout as sleep } from 'node:timers/promises';
import { validateEnvironment } from '../src/config/validate-environment.js';
import { startGateway } from '../src/start-gateway.js';
import { BenchDatabase } from './bench-database.js';
import { newAdminKey } from './gateway-process.js';
import { install } from './install.js';
import { LimitedZulip } from './limited-zulip.js';
import type { BenchOptions } from './options.js';
import { zulipAt } from './receivers.js';
import { ScaledClock } from './scaled-clock.js';

const EVENTS = 10_000;
const TICKETS = 500;
const REQUESTS_PER_MINUTE = 200;
/** Fast enough for a short run; slow enough that what takes real time (statements, HTTP) hardly counts. */
const DEFAULT_SPEED = 5;
const LOOK_EVERY_MS = 200;
/** By the bench's clock. */
const LONGEST_MINUTES = 60;

/** What one burst came to, by the bench's clock. */
interface BurstRun {
  minutes_to_drain: number;
  minutes_without_joining: number;
  requests: { messages: number; reads: number; renames: number };
  refused_429: number;
  messages: number;
  deliveries_per_message: number;
  message_characters: number;
}

/** A burst of webhooks for one bot. See bench/README.md. */
export interface BurstResult {
  events: number;
  requests_per_minute: number;
  clock: string;
  topics_500: BurstRun;
  topics_1: BurstRun;
}

export async function run(options: BenchOptions): Promise<BurstResult> {
  const speed = options.speed ?? DEFAULT_SPEED;
  const database = await BenchDatabase.start();
  try {
    return {
      events: EVENTS,
      requests_per_minute: REQUESTS_PER_MINUTE,
      clock: speed === 1 ? 'real time' : `×${speed}`,
      topics_500: await drain(database, speed, `${TICKETS} topics`),
      topics_1: await drain(database, speed, 'one topic', 'Everything'),
    };
  } finally {
    await database.stop();
  }
}

/** @param topic the template of the one topic that all goes to; by default each ticket has its own */
async function drain(database: BenchDatabase, speed: number, name: string, topic?: string): Promise<BurstRun> {
  const clock = new ScaledClock(speed);
  const zulip = await LimitedZulip.start(clock, REQUESTS_PER_MINUTE);
  const adminKey = newAdminKey();
  const start = (role: string, key?: string): ReturnType<typeof startGateway> =>
    startGateway({ environment: environmentFor(database, role, key), databaseUrl: database.url, encryptionKey, clock });
  try {
    // One that delivers nothing yet makes what the queue needs.
    const api = await start('api', adminKey);
    const road = await install({ url: api.url, adminKey }, zulipAt(await zulip.site()), name, topic).finally(() =>
      api.stop(),
    );
    await database.fillQueue(EVENTS, TICKETS, road, () => clock.now());
    const worker = await start('worker');
    await drained(database, clock).finally(() => worker.stop());
    return await summary(zulip, database);
  } finally {
    await zulip.stop();
  }
}

const encryptionKey = 'the benches have no secrets to keep';

function environmentFor(
  database: BenchDatabase,
  role: string,
  adminKey?: string,
): ReturnType<typeof validateEnvironment> {
  return validateEnvironment({
    PORT: '0',
    ROLE: role,
    SANDBOX: 'false',
    LOG_LEVEL: 'error',
    OUTBOUND_ALLOW: '127.0.0.1,::1',
    // By the gateway's clock, which is faster than the database's.
    LEASE_SECONDS: '300',
    DATABASE_URL: database.url,
    ENCRYPTION_KEY: encryptionKey,
    ...(adminKey !== undefined && { ADMIN_API_KEY: adminKey }),
  });
}

async function drained(database: BenchDatabase, clock: ScaledClock): Promise<void> {
  const until = clock.steady() + LONGEST_MINUTES * 60_000;
  for (;;) {
    const states = await database.states();
    if (states['delivered'] === EVENTS) return;
    if (clock.steady() > until) throw new Error(`Not all was delivered: ${JSON.stringify(states)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function summary(zulip: LimitedZulip, database: BenchDatabase): Promise<BurstRun> {
  const { message_characters } = await database.sizes();
  const minutes = (zulip.lastAt - (zulip.firstAt ?? 0)) / 60_000;
  process.stderr.write(`  ${minutes.toFixed(2)} min, ${zulip.messages} messages\n`);
  return {
    minutes_to_drain: Math.round(minutes * 100) / 100,
    minutes_without_joining: EVENTS / REQUESTS_PER_MINUTE,
    requests: zulip.requests,
    refused_429: zulip.refused,
    messages: zulip.messages,
    deliveries_per_message: Math.round((EVENTS / zulip.messages) * 10) / 10,
    message_characters,
  };
}
