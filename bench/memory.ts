import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.js';
import type { SinkQuestion } from './children/sink.js';
import { install } from './install.js';
import { IntakeDesk } from './intake-desk.js';
import type { BenchOptions } from './options.js';
import { MemoryWatch, usageOf } from './process-usage.js';
import { zulipAt } from './receivers.js';

const CONNECTIONS = 64;
const LONG = { intakeSeconds: 15, soakMinutes: 5 };
const SHORT = { intakeSeconds: 8, soakMinutes: 0.5 };
const REST_MS = 10_000;
/** Webhooks a second of the soak, each delivered: far below what is possible, far above what helpdesks send. */
const SOAK_PER_SECOND = 300;
const SOAK_CONNECTIONS = 16;
const PARTS = 6;
/** From the second sixth to the last. */
const MOST_GROWTH = 1.25;

/** Megabytes of the gateway's process. See bench/README.md. */
export interface MemoryResult {
  idle_rss_mb: number;
  /** As much as 64 connections get through, nothing delivered. */
  intake: { per_second: number; highest_rss_mb: number; rss_mb_after: number };
  /** Taken and delivered at a steady rate; the highest of each sixth of the time. */
  soak: { minutes: number; webhooks: number; highest_rss_mb: number[]; last_to_second: number };
}

/** Memory under as much load as there can be, after it, and over time. */
export async function run(options: BenchOptions): Promise<MemoryResult> {
  const { intakeSeconds, soakMinutes } = options.isLong ? LONG : SHORT;
  const desk = await IntakeDesk.open(options.profile);
  try {
    const underLoad = await intake(desk, intakeSeconds);
    await desk.database.emptyLog();
    return { ...underLoad, soak: await soak(desk, options.minutes ?? soakMinutes) };
  } finally {
    await desk.close();
  }
}

function intake(desk: IntakeDesk, seconds: number): Promise<Omit<MemoryResult, 'soak'>> {
  return desk.withGateway(async (gateway) => {
    const idle = usageOf(gateway.pid).rssMb;
    const load = await desk.measure(gateway, { kind: 'json', connections: CONNECTIONS, warmUpSeconds: 0, seconds });
    await sleep(REST_MS);
    return {
      idle_rss_mb: idle,
      intake: {
        per_second: Math.round(load.accepted_per_second),
        highest_rss_mb: load.rss_mb,
        rss_mb_after: usageOf(gateway.pid).rssMb,
      },
    };
  });
}

async function soak(desk: IntakeDesk, minutes: number): Promise<MemoryResult['soak']> {
  const sink: Child<SinkQuestion, string> = Child.start('sink');
  try {
    const site = await sink.ask({ kind: 'listen' });
    return await desk.withGateway(
      async (gateway) => {
        const { hookUrl } = await install(gateway, zulipAt(site), 'Soak');
        const watch = new MemoryWatch(gateway.pid);
        const load = await desk.measure(
          gateway,
          {
            kind: 'json',
            connections: SOAK_CONNECTIONS,
            warmUpSeconds: 0,
            seconds: minutes * 60,
            perSecond: SOAK_PER_SECOND,
          },
          [hookUrl],
        );
        const highest = watch.highestOf(PARTS);
        watch.stop();
        process.stderr.write(`  soak: ${load.accepted} webhooks, ${highest.join(', ')} MB\n`);
        const lastToSecond = (highest.at(-1) ?? Number.NaN) / (highest[1] ?? Number.NaN);
        if (lastToSecond > MOST_GROWTH) throw new Error(`The memory grew over the soak: ${highest.join(', ')} MB.`);
        return {
          minutes,
          webhooks: load.accepted,
          highest_rss_mb: highest,
          last_to_second: Number(lastToSecond.toFixed(2)),
        };
      },
      { ROLE: 'all', SANDBOX: 'false' },
    );
  } finally {
    await sink.stop();
  }
}
