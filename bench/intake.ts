import { IntakeDesk, type LoadPlan, type MeasuredLoad } from './intake-desk.js';
import type { BenchOptions } from './options.js';
import { type Spread, spread } from './percentiles.js';
import type { BodyKind } from './webhook-bodies.js';

const LONG = { runs: 5, warmUpSeconds: 4, seconds: 10 };
const SHORT = { runs: 3, warmUpSeconds: 5, seconds: 5 };
const CONNECTIONS = 64;

const TAKERS = ['gateway', 'joined', 'single'] as const;
type Taker = (typeof TAKERS)[number];

/** Of the runs: webhooks a second, milliseconds to the answer, what one costs the process, and its memory. */
interface TakerResult {
  per_second: Spread;
  p50_ms: Spread;
  p99_ms: Spread;
  cpu_us: Spread;
  rss_mb: Spread;
}

/** What was measured of one kind of webhook; ratios are of runs that followed one another. See bench/README.md. */
export interface IntakeResult {
  gateway: TakerResult;
  floor_joined: TakerResult;
  floor_single: TakerResult;
  gateway_to_joined: Spread;
  gateway_to_single: Spread;
  p99_to_joined: Spread;
  cpu_to_joined: Spread;
}

/** Durable webhooks a second over 64 connections, of a gateway and of two bare servers, in turn. */
export async function run(options: BenchOptions): Promise<Record<BodyKind, IntakeResult>> {
  const desk = await IntakeDesk.open(options.profile);
  try {
    return { json: await measureKind(desk, 'json', options), form: await measureKind(desk, 'form', options) };
  } finally {
    await desk.close();
  }
}

async function measureKind(desk: IntakeDesk, kind: BodyKind, options: BenchOptions): Promise<IntakeResult> {
  const { runs, ...times } = options.isLong ? LONG : SHORT;
  const plan: LoadPlan = { kind, connections: CONNECTIONS, ...times };
  const measured: Record<Taker, MeasuredLoad[]> = { gateway: [], joined: [], single: [] };
  for (let run = 0; run < (options.runs ?? runs); run += 1) {
    for (const taker of TAKERS) {
      const load = await measureOne(desk, taker, plan);
      process.stderr.write(`  ${kind} ${taker} ${describe(load)}\n`);
      measured[taker].push(load);
    }
  }
  return summary(measured);
}

async function measureOne(desk: IntakeDesk, taker: Taker, plan: LoadPlan): Promise<MeasuredLoad> {
  const load =
    taker === 'gateway'
      ? await desk.withGateway((gateway) => desk.measure(gateway, plan))
      : await desk.measureFloor(taker, plan);
  if (load.refused + load.failed > 0) throw new Error(`Not all was accepted: ${JSON.stringify(load.statuses)}`);
  // The next one begins with an empty log too, but for an example.
  await desk.database.emptyLog();
  return load;
}

export function describe({
  accepted_per_second: rate,
  accepted_ms: ms,
  cpu_us: cpu,
  rss_mb: rss,
}: MeasuredLoad): string {
  return `${Math.round(rate)}/s, p50 ${ms?.p50} ms, p99 ${ms?.p99} ms, ${cpu} µs of processor each, ${rss} MB`;
}

function summary({ gateway, joined, single }: Record<Taker, MeasuredLoad[]>): IntakeResult {
  const ratio = (of: (load: MeasuredLoad) => number, floor: MeasuredLoad[]): Spread =>
    spread(gateway.map((load, run) => of(load) / of(floor[run] as MeasuredLoad)));
  const rate = (load: MeasuredLoad): number => load.accepted_per_second;
  return {
    gateway: taken(gateway),
    floor_joined: taken(joined),
    floor_single: taken(single),
    gateway_to_joined: ratio(rate, joined),
    gateway_to_single: ratio(rate, single),
    p99_to_joined: ratio((load) => load.accepted_ms?.p99 ?? Number.NaN, joined),
    cpu_to_joined: ratio((load) => load.cpu_us, joined),
  };
}

function taken(loads: MeasuredLoad[]): TakerResult {
  const of = (read: (load: MeasuredLoad) => number | undefined): Spread =>
    spread(loads.map((load) => read(load) ?? Number.NaN));
  return {
    per_second: of((load) => load.accepted_per_second),
    p50_ms: of((load) => load.accepted_ms?.p50),
    p99_ms: of((load) => load.accepted_ms?.p99),
    cpu_us: of((load) => load.cpu_us),
    rss_mb: of((load) => load.rss_mb),
  };
}
