import { Child } from './child.js';
import type { Crowd, CrowdAnswer, CrowdQuestion } from './crowd.js';
import type { GatewayProcess } from './gateway-process.js';
import { IntakeDesk, type LoadPlan, type MeasuredLoad } from './intake-desk.js';
import type { BenchOptions } from './options.js';
import type { Spread } from './percentiles.js';

const LONG = { seconds: 10, warmUpSeconds: 5 };
const SHORT = { seconds: 5, warmUpSeconds: 4 };
const CONNECTIONS = 64;
/** Whoever offers more than is taken needs more connections than whoever waits for answers. */
const OVERLOAD_CONNECTIONS = 1_000;
const TIMES_CAPACITY = 3;
/** By then all is to be as before. */
const RECOVERY_SECONDS = 2;

const CROWDS: readonly { crowd: Crowd; connections: number }[] = [
  { crowd: 'idle', connections: 10_000 },
  { crowd: 'slow', connections: 1_000 },
  { crowd: 'big', connections: 4 },
];

/** What was measured of one load. */
interface LoadResult {
  accepted_per_second: number;
  accepted_ms: Spread | null;
  refused_per_second: number;
  refused_ms: Spread | null;
  without_retry_after: number;
  failed: number;
  unsent_per_second: number;
  rss_mb: number;
}

/** See bench/README.md. */
export interface OverloadResult {
  /** As much as 64 connections get through. */
  capacity: LoadResult;
  /** Three times as much, whether it is answered or not. */
  overload: LoadResult & { offered_per_second: number };
  /** Capacity again, from two seconds after the overload on; beside the mean of what it was before, and once more later. */
  after: LoadResult & { to_capacity: number };
  /** Capacity while others are a burden, beside the mean of what it was before and afterwards. */
  beside: Record<Crowd, LoadResult & { to_capacity: number; connected: number; answered: number }>;
}

/** More load than can be borne, and clients that behave badly. */
export async function run(options: BenchOptions): Promise<OverloadResult> {
  const desk = await IntakeDesk.open(options.profile);
  try {
    return await desk.withGateway((gateway) => new OverloadBench(desk, gateway, options.isLong ? LONG : SHORT).run());
  } finally {
    await desk.close();
  }
}

class OverloadBench {
  private readonly plan: LoadPlan;

  constructor(
    private readonly desk: IntakeDesk,
    private readonly gateway: GatewayProcess,
    times: typeof LONG,
  ) {
    this.plan = { kind: 'json', connections: CONNECTIONS, ...times };
  }

  async run(): Promise<OverloadResult> {
    const capacity = await this.measure('capacity', {});
    const offered = Math.round(capacity.accepted_per_second * TIMES_CAPACITY);
    const much = { perSecond: offered, connections: OVERLOAD_CONNECTIONS, warmUpSeconds: 0 };
    const overload = await this.measure(`${offered}/s`, much);
    const after = await this.measure('after', { warmUpSeconds: RECOVERY_SECONDS });
    let alone = await this.measure('capacity', {});
    const afterToCapacity = ratio(after, capacity, alone);
    const beside: Partial<OverloadResult['beside']> = {};
    for (const { crowd, connections } of CROWDS) {
      const { load, ...rest } = await this.besideCrowd(crowd, connections);
      const before = alone;
      alone = await this.measure('capacity', {});
      beside[crowd] = { ...result(load), to_capacity: ratio(load, before, alone), ...rest };
    }
    return {
      capacity: result(capacity),
      overload: { ...result(overload), offered_per_second: offered },
      after: { ...result(after), to_capacity: afterToCapacity },
      beside: beside as OverloadResult['beside'],
    };
  }

  private async besideCrowd(crowd: Crowd, connections: number): Promise<{ load: MeasuredLoad } & CrowdAnswer> {
    const others: Child<Partial<CrowdQuestion>, CrowdAnswer> = Child.start('crowd');
    try {
      const hookUrl = `${this.gateway.url}${new URL(this.desk.road('json').hookUrl).pathname}`;
      await others.ask({ crowd, connections, hookUrl });
      const load = await this.measure(`beside ${connections} ${crowd}`, { warmUpSeconds: 1 });
      return { load, ...(await others.ask({})) };
    } finally {
      await others.stop();
    }
  }

  private async measure(name: string, change: Partial<LoadPlan>): Promise<MeasuredLoad> {
    const load = await this.desk.measure(this.gateway, { ...this.plan, ...change });
    process.stderr.write(`  ${name}: ${JSON.stringify(result(load))}\n`);
    return load;
  }
}

/** Beside the mean of others, which were measured before and after it: machines are faster in one minute than in the next. */
function ratio(load: MeasuredLoad, ...others: MeasuredLoad[]): number {
  const mean = others.reduce((sum, other) => sum + other.accepted_per_second, 0) / others.length;
  return Number((load.accepted_per_second / mean).toFixed(2));
}

function result(load: MeasuredLoad): LoadResult {
  return {
    accepted_per_second: Math.round(load.accepted_per_second),
    accepted_ms: load.accepted_ms,
    refused_per_second: Math.round(load.refused / load.seconds),
    refused_ms: load.refused_ms,
    without_retry_after: load.without_retry_after,
    failed: load.failed,
    unsent_per_second: Math.round(load.unsent / load.seconds),
    rss_mb: load.rss_mb,
  };
}
