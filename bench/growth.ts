import type { GatewayProcess } from './gateway-process.js';
import { create } from './install.js';
import { describe } from './intake.js';
import { IntakeDesk, type LoadPlan, type MeasuredLoad } from './intake-desk.js';
import { buildThisMonth } from './log-builder.js';
import type { BenchOptions } from './options.js';
import { type Spread, spread } from './percentiles.js';

const LONG = {
  runs: 3,
  warmUpSeconds: 4,
  seconds: 8,
  events: [1_000_000, 10_000_000],
  routes: [1, 100, 1_000],
  sources: [1, 1_000],
};
const SHORT = { runs: 1, warmUpSeconds: 3, seconds: 4, events: [50_000], routes: [1, 100], sources: [1, 100] };
const CONNECTIONS = 64;

/** Of one size: webhooks a second, beside the first size in the same round. */
interface SizeResult {
  per_second: Spread;
  p99_ms: Spread;
  cpu_us: Spread;
  to_first: Spread;
}

/** See bench/README.md. */
export interface GrowthResult {
  /** By events that this month holds already. `floor`: the joined floor on the same log. */
  events: Record<string, SizeResult & { floor_per_second: Spread }>;
  routes: Record<string, SizeResult>;
  sources: Record<string, SizeResult>;
}

/** Intake with a log, routes and sources of several sizes. */
export async function run(options: BenchOptions): Promise<GrowthResult> {
  const desk = await IntakeDesk.open(options.profile);
  try {
    return await new GrowthBench(desk, options).run();
  } finally {
    await desk.close();
  }
}

class GrowthBench {
  private readonly sizes: typeof LONG;
  private readonly plan: LoadPlan;
  private readonly runs: number;

  constructor(
    private readonly desk: IntakeDesk,
    options: BenchOptions,
  ) {
    const { runs, warmUpSeconds, seconds, ...sizes } = options.isLong ? LONG : SHORT;
    this.sizes = { ...(options.isLong ? LONG : SHORT), ...sizes };
    if (options.deliveries !== undefined) this.sizes.events = [options.deliveries];
    this.runs = options.runs ?? runs;
    this.plan = { kind: 'json', connections: CONNECTIONS, warmUpSeconds, seconds };
  }

  async run(): Promise<GrowthResult> {
    // Routes first: they are put with all sources in one document, which holds no thousand of both.
    const routes = await this.byRoutes();
    const sources = await this.bySources();
    return { events: await this.byEvents(), routes, sources };
  }

  /** In rounds, so that a busy moment of the machine falls on all sizes. */
  private async byRoutes(): Promise<GrowthResult['routes']> {
    const loads = new Map<number, MeasuredLoad[]>();
    for (let run = 0; run < this.runs; run += 1) {
      for (const size of this.sizes.routes) {
        await this.desk.database.emptyLog();
        const load = await this.desk.withGateway(async (gateway) => {
          await haveRoutes(gateway, size);
          return this.desk.measure(gateway, this.plan);
        });
        this.note(`${size} routes`, load);
        loads.set(size, [...(loads.get(size) ?? []), load]);
      }
    }
    await this.desk.withGateway((gateway) => haveRoutes(gateway, 1));
    return results(loads);
  }

  private async bySources(): Promise<GrowthResult['sources']> {
    const most = Math.max(...this.sizes.sources);
    const hookUrls = await this.desk.withGateway((gateway) => makeSources(gateway, most));
    const loads = new Map<number, MeasuredLoad[]>();
    for (let run = 0; run < this.runs; run += 1) {
      for (const size of this.sizes.sources) {
        await this.desk.database.emptyLog();
        const load = await this.desk.withGateway((gateway) =>
          this.desk.measure(gateway, this.plan, hookUrls.slice(0, size)),
        );
        this.note(`${size} sources`, load);
        loads.set(size, [...(loads.get(size) ?? []), load]);
      }
    }
    return results(loads);
  }

  /** A log grows only: its sizes come one after the other, each beside the floor. */
  private async byEvents(): Promise<GrowthResult['events']> {
    const loads = new Map<number, MeasuredLoad[]>();
    const floors = new Map<number, MeasuredLoad[]>();
    for (const size of [0, ...this.sizes.events]) {
      await this.desk.database.emptyLog();
      if (size > 0) await buildThisMonth(this.desk.database.url, size, new Date());
      for (let run = 0; run < this.runs; run += 1) {
        const load = await this.desk.withGateway((gateway) => this.desk.measure(gateway, this.plan));
        const floor = await this.desk.measureFloor('joined', this.plan);
        this.note(`${size} events`, load);
        this.note(`${size} events, floor`, floor);
        loads.set(size, [...(loads.get(size) ?? []), load]);
        floors.set(size, [...(floors.get(size) ?? []), floor]);
      }
    }
    const rates = (size: string): number[] => (floors.get(Number(size)) ?? []).map((load) => load.accepted_per_second);
    return Object.fromEntries(
      Object.entries(results(loads)).map(([size, result]) => [
        size,
        { ...result, floor_per_second: spread(rates(size)) },
      ]),
    );
  }

  private note(name: string, load: MeasuredLoad): void {
    process.stderr.write(`  ${name}: ${describe(load)}\n`);
  }
}

function results(loads: Map<number, MeasuredLoad[]>): Record<string, SizeResult> {
  const [first = []] = loads.values();
  return Object.fromEntries(
    [...loads].map(([size, measured]) => [
      size,
      {
        per_second: spread(measured.map((load) => load.accepted_per_second)),
        p99_ms: spread(measured.map((load) => load.accepted_ms?.p99 ?? Number.NaN)),
        cpu_us: spread(measured.map((load) => load.cpu_us)),
        to_first: spread(
          measured.map((load, run) => load.accepted_per_second / (first[run]?.accepted_per_second ?? Number.NaN)),
        ),
      },
    ]),
  );
}

async function makeSources(gateway: GatewayProcess, count: number): Promise<string[]> {
  const hookUrls: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const source = await create(gateway, 'sources', { name: `Bench source ${number}`, provider: 'groove' });
    hookUrls.push(source.hook_url);
  }
  return hookUrls;
}

/** So many routes, of which the last one alone fits the webhooks of the bench. */
async function haveRoutes(gateway: GatewayProcess, count: number): Promise<void> {
  const url = `${gateway.url}/api/v1/config`;
  const headers = { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/yaml' };
  const before = await (await fetch(url, { headers })).text();
  const end = before.indexOf('\nroutes:\n');
  const destination = /^destinations:\n {2}- name: (.*)$/m.exec(before)?.[1] ?? '';
  const matchers = (number: number): string =>
    number === count
      ? '[]'
      : `[{field: source.provider, op: eq, value: groove}, {field: ticket.title, op: eq, value: nowhere ${number}}]`;
  const routes = Array.from(
    { length: count },
    (_, index) => `  - {name: Route ${index + 1}, destination: ${destination}, matchers: ${matchers(index + 1)}}\n`,
  );
  const body = `${before.slice(0, end)}\nroutes:\n${routes.join('')}`;
  const response = await fetch(url, { method: 'PUT', headers, body });
  if (response.status !== 200) throw new Error(`config: ${response.status} ${await response.text()}`);
}
