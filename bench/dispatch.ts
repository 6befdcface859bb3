import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { BenchDatabase } from './bench-database.js';
import { Child } from './child.js';
import type { FloorKind, FloorQuestion } from './children/dispatch-floor.js';
import type { Arrivals, SinkQuestion } from './children/sink.js';
import { startGatewayProcess } from './gateway-process.js';
import { install } from './install.js';
import type { BenchOptions } from './options.js';
import { type Spread, spread } from './percentiles.js';
import { type Receiver, zulipAt } from './receivers.js';
import type { Road } from './ticket-events.js';

const LONG = { deliveries: 20_000, runs: 3 };
// Fewer end before the code is warm: 0.5 of the floor in place of 0.8.
const SHORT = { deliveries: 20_000, runs: 1 };
const TICKETS = 2_000;
/** Far longer than the slowest machine takes. */
const LONGEST_RUN_MS = 300_000;
const ENCRYPTION_KEY = 'the benches have no secrets to keep';

const KINDS = ['engine', 'bare', 'notifier'] as const;
type Kind = 'engine' | FloorKind;
type Sink = Child<SinkQuestion, string | Arrivals>;

/** What a dispatch bench measured. Ratios are of runs that followed one another. See bench/README.md. */
export interface DispatchResult {
  deliveries: number;
  tickets: number;
  event_bytes: number;
  message_characters: number;
  /** Deliveries a second, from the first arrival at the sink to the last. */
  engine_per_second: Spread;
  floor_per_second: Spread;
  floor_through_notifier_per_second: Spread;
  engine_to_floor: Spread;
  engine_to_floor_through_notifier: Spread;
}

/** Deliveries to Zulip. */
export function run(options: BenchOptions): Promise<DispatchResult> {
  return runDispatch(options, zulipAt);
}

/**
 * Deliveries a second with the full log, of a gateway and of bare loops on the same queue, in turn.
 *
 * @param receiverAt says what receiver the sink's address is
 */
export async function runDispatch(
  options: BenchOptions,
  receiverAt: (site: string) => Receiver,
): Promise<DispatchResult> {
  const { deliveries, runs } = { ...(options.isLong ? LONG : SHORT), ...given(options) };
  const database = await BenchDatabase.start();
  const sink: Sink = Child.start('sink');
  try {
    const receiver = receiverAt((await sink.ask({ kind: 'listen' })) as string);
    const bench = new DispatchBench(database, sink, receiver, await prepare(database, receiver), options.profile);
    const rates: Record<Kind, number[]> = { engine: [], bare: [], notifier: [] };
    for (let run = 0; run < runs; run += 1) {
      for (const kind of KINDS) {
        const rate = await bench.measure(kind, deliveries);
        process.stderr.write(`  ${kind} ${Math.round(rate)}/s\n`);
        rates[kind].push(rate);
      }
    }
    return { deliveries, tickets: TICKETS, ...(await database.sizes()), ...summary(rates) };
  } finally {
    await sink.stop();
    await database.stop();
  }
}

function given({ deliveries, runs }: BenchOptions): { deliveries?: number; runs?: number } {
  return { ...(deliveries !== undefined && { deliveries }), ...(runs !== undefined && { runs }) };
}

function summary(
  rates: Record<Kind, number[]>,
): Omit<DispatchResult, 'deliveries' | 'tickets' | 'event_bytes' | 'message_characters'> {
  const ratioTo = (floor: number[]): Spread => spread(rates.engine.map((rate, run) => rate / (floor[run] ?? NaN)));
  return {
    engine_per_second: spread(rates.engine),
    floor_per_second: spread(rates.bare),
    floor_through_notifier_per_second: spread(rates.notifier),
    engine_to_floor: ratioTo(rates.bare),
    engine_to_floor_through_notifier: ratioTo(rates.notifier),
  };
}

function environmentFor(database: BenchDatabase): Record<string, string> {
  return { DATABASE_URL: database.url, ENCRYPTION_KEY, ROLE: 'all', SANDBOX: 'false' };
}

/** A gateway that makes what the queue needs, and goes. */
async function prepare(database: BenchDatabase, receiver: Receiver): Promise<Road> {
  const gateway = await startGatewayProcess(database.directory, environmentFor(database));
  try {
    return await install(gateway, receiver, 'Bench');
  } finally {
    await gateway.stop();
  }
}

class DispatchBench {
  constructor(
    private readonly database: BenchDatabase,
    private readonly sink: Sink,
    private readonly receiver: Receiver,
    private readonly road: Road,
    private readonly profile: string | undefined,
  ) {}

  /** @returns deliveries a second */
  async measure(kind: Kind, deliveries: number): Promise<number> {
    await this.database.fillQueue(deliveries, TICKETS, this.road, () => new Date());
    const arrivals = this.sink.ask({ kind: 'await', messages: deliveries });
    // Whoever fails first says so; the sink's end is not the reason then.
    arrivals.catch(() => undefined);
    await (kind === 'engine' ? this.runEngine(arrivals) : this.runFloor(kind));
    const { firstAt, lastAt } = (await arrivals) as Arrivals;
    const states = await this.database.states();
    if (states['delivered'] !== deliveries) throw new Error(`Not all was delivered: ${JSON.stringify(states)}`);
    return (deliveries / (lastAt - firstAt)) * 1_000;
  }

  /** The queue is there when the gateway starts. */
  private async runEngine(arrivals: Promise<unknown>): Promise<void> {
    const environment = environmentFor(this.database);
    const gateway = await startGatewayProcess(this.database.directory, environment, this.profilerOptions('engine'));
    try {
      await withinLimit(arrivals);
    } finally {
      // What has arrived is on record when this has ended.
      await gateway.stop();
    }
  }

  private async runFloor(kind: FloorKind): Promise<void> {
    const floor: Child<FloorQuestion, number> = Child.start('dispatch-floor', this.profilerOptions(kind));
    const { kind: receiver, settings, secrets } = this.receiver;
    const destination = { id: this.road.destinationId, name: 'Bench', settings, secrets };
    try {
      await withinLimit(floor.ask({ databaseUrl: this.database.url, destination, receiver, kind }));
    } finally {
      await floor.stop();
    }
  }

  private profilerOptions(kind: Kind): string[] {
    if (this.profile === undefined) return [];
    const directory = resolve(this.profile);
    mkdirSync(directory, { recursive: true });
    return ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${kind}-${Date.now()}.cpuprofile`];
  }
}

async function withinLimit(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`A run took longer than ${LONGEST_RUN_MS / 60_000} minutes.`));
    }, LONGEST_RUN_MS);
  });
  await Promise.race([work, limit]).finally(() => {
    clearTimeout(timer);
  });
}
