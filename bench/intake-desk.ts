import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { BenchDatabase } from './bench-database.js';
import { Child } from './child.js';
import type { FloorKind, FloorQuestion } from './children/intake-floor.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { install, type InstalledRoad } from './install.js';
import type { LoadAnswer, LoadQuestion } from './load.js';
import { MemoryWatch, usageOf } from './process-usage.js';
import { webhookAt } from './receivers.js';
import { type BodyKind, WEBHOOKS } from './webhook-bodies.js';

const ENCRYPTION_KEY = 'the benches have no secrets to keep';
const KINDS: readonly BodyKind[] = ['json', 'form'];
/** Whoever listens there: no process of these benches sends. */
const NOWHERE = webhookAt('http://127.0.0.1:9999');

/** Load as it was measured, and what it cost whoever took it. */
export interface MeasuredLoad extends LoadAnswer {
  /** Processor time of the process that took the webhooks, for each that it accepted, in microseconds. */
  cpu_us: number;
  /** Its memory at its highest, in megabytes. */
  rss_mb: number;
}

/** How one measurement is made. */
export interface LoadPlan {
  kind: BodyKind;
  connections: number;
  warmUpSeconds: number;
  seconds: number;
  perSecond?: number;
}

/** What a gateway made of a webhook. */
type Example = Pick<FloorQuestion, 'document' | 'headers'>;

/** A database, roads for both kinds of webhooks, and a process that posts them: to gateways, and to what they are compared with. */
export class IntakeDesk {
  private readonly load: Child<LoadQuestion, LoadAnswer> = Child.start('load');
  private readonly examples: Partial<Record<BodyKind, Example>> = {};
  private roads: Partial<Record<BodyKind, InstalledRoad>> = {};
  private runs = 0;

  private constructor(
    readonly database: BenchDatabase,
    private readonly profile: string | undefined,
  ) {}

  /** @param profile a directory for the CPU profiles of gateways and floors */
  static async open(profile?: string): Promise<IntakeDesk> {
    const desk = new IntakeDesk(await BenchDatabase.start(), profile);
    await desk.withGateway(async (gateway) => {
      for (const kind of KINDS) {
        const { provider } = WEBHOOKS[kind];
        desk.roads[kind] = await install(gateway, NOWHERE, `Bench ${kind}`, undefined, provider);
      }
    });
    return desk;
  }

  async close(): Promise<void> {
    await this.load.stop();
    await this.database.stop();
  }

  road(kind: BodyKind): InstalledRoad {
    const road = this.roads[kind];
    if (!road) throw new Error('The desk is not open.');
    return road;
  }

  /** A process that takes webhooks and sends nothing, while `work` lasts. */
  async withGateway<Result>(
    work: (gateway: GatewayProcess) => Promise<Result>,
    environment: Record<string, string> = {},
  ): Promise<Result> {
    const own = { DATABASE_URL: this.database.url, ENCRYPTION_KEY, ROLE: 'api' };
    const gateway = await startGatewayProcess(
      this.database.directory,
      { ...own, ...environment },
      this.profiler('gateway'),
    );
    try {
      return await work(gateway);
    } finally {
      await gateway.stop();
    }
  }

  /** Posts to a gateway. @param hookUrls of other sources than the kind's own */
  async measure(gateway: GatewayProcess, plan: LoadPlan, hookUrls?: string[]): Promise<MeasuredLoad> {
    const { hookUrl, sourceId } = this.road(plan.kind);
    // Each gateway listens elsewhere.
    const urls = (hookUrls ?? [hookUrl]).map((url) => `${gateway.url}${new URL(url).pathname}`);
    const load = await this.post(urls, gateway.pid, plan);
    if (!hookUrls) this.examples[plan.kind] ??= await this.readExample(sourceId);
    return load;
  }

  /** Posts to a floor of its own, which stores what a gateway was seen to make of such a webhook before. */
  async measureFloor(floorKind: FloorKind, plan: LoadPlan): Promise<MeasuredLoad> {
    const road = this.road(plan.kind);
    const example = this.examples[plan.kind];
    if (!example) throw new Error('No gateway has taken such a webhook yet.');
    const floor: Child<FloorQuestion, string> = Child.start('intake-floor', this.profiler(floorKind));
    try {
      const url = await floor.ask({ databaseUrl: this.database.url, kind: floorKind, road, ...example });
      return await this.post([url], floor.pid, plan);
    } finally {
      await floor.stop();
    }
  }

  private async readExample(sourceId: string): Promise<Example> {
    const [row] = await this.database.db.query<Example>(
      {
        text: `select event as document, raw_headers as headers from events
               where source_id = $1 and outcome = 'accepted' and raw_headers is not null limit 1`,
      },
      [sourceId],
    );
    if (!row) throw new Error('The gateway has taken nothing.');
    return row;
  }

  private async post(hookUrls: string[], pid: number, plan: LoadPlan): Promise<MeasuredLoad> {
    const { warmUpSeconds, ...question } = plan;
    if (warmUpSeconds > 0) {
      await this.load.ask({ hookUrls, kind: plan.kind, connections: plan.connections, seconds: warmUpSeconds });
    }
    const watch = new MemoryWatch(pid);
    const before = usageOf(pid).cpuMs;
    const answer = await this.load.ask({ hookUrls, ...question });
    const cpuMs = usageOf(pid).cpuMs - before;
    return { ...answer, cpu_us: Math.round((cpuMs / answer.accepted) * 1_000), rss_mb: watch.stop().max };
  }

  private profiler(name: string): string[] {
    if (this.profile === undefined) return [];
    const directory = resolve(this.profile);
    mkdirSync(directory, { recursive: true });
    this.runs += 1;
    return ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}-${this.runs}.cpuprofile`];
  }
}
