import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { PageStatementBuilder } from '../src/audit/page-statement.js';
import { DELIVERIES } from '../src/audit/sql/select-deliveries.js';
import { HIGHEST_ID, LOWEST_ID } from '../src/audit/id-range.js';
import { persistWebhooks } from '../src/intake/sql/persist-webhooks.js';
import { QUESTIONS } from './audit-questions.js';
import { BenchDatabase } from './bench-database.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { buildLog, type BuiltLog } from './log-builder.js';
import { thingId } from './log-rows.js';
import type { BenchOptions } from './options.js';
import { type Spread, spread } from './percentiles.js';
import { makeWebhook, type Road } from './ticket-events.js';

const LONG = { deliveries: 10_000_000, runs: 100 };
const SHORT = { deliveries: 100_000, runs: 20 };
const MONTHS = 12;
const WARM_UP = 5;
/** Intake's own statement, in the batches that it has under load. */
const BATCH = 250;
const BATCHES = 40;
const INTAKE_RUNS = 5;
const ENCRYPTION_KEY = 'the benches have no secrets to keep';

/** What an audit bench measured: milliseconds of a page of 50 over HTTP, unless it says otherwise. See bench/README.md. */
export interface AuditResult {
  log: Omit<BuiltLog, 'months'> & { bytes: number };
  /** The newest page, a page in the middle of the log, and the page before that one. */
  pages: Record<string, { newest: Spread; deep: Spread; back: Spread | null }>;
  /** Scans of whole partitions in the plans of those questions, by question; none is the aim. */
  sequential_scans: Record<string, string[]>;
  statistics: { a_day: Spread; a_month_by_days: Spread };
  /** `rss_mb`: the gateway's memory before, and at its highest in each quarter of the time that it took. */
  export: { rows: number; rows_per_second: number; rss_mb: { before: number; quarters: number[] } };
  /** Webhooks a second by intake's statement, on this log and on an empty one, in turn. */
  intake: { full_per_second: Spread; empty_per_second: Spread; full_to_empty: Spread };
}

/** Builds a long log, and asks of it what auditors ask. */
export async function run(options: BenchOptions): Promise<AuditResult> {
  const { deliveries, runs } = options.isLong ? LONG : SHORT;
  const [full, empty] = [await BenchDatabase.start(), await BenchDatabase.start()];
  let gateway: GatewayProcess | undefined;
  try {
    const { months, ...log } = await buildLog(full.url, options.deliveries ?? deliveries, MONTHS, new Date());
    process.stderr.write(`  ${log.deliveries} deliveries of ${months.length} months, in ${log.seconds} s\n`);
    gateway = await startGatewayProcess(full.directory, { DATABASE_URL: full.url, ENCRYPTION_KEY });
    const bench = new AuditBench(full, gateway, options.runs ?? runs);
    return {
      log: { ...log, bytes: await bench.size() },
      pages: await bench.pages(),
      sequential_scans: await bench.scans(),
      statistics: await bench.statistics(),
      export: await bench.export(),
      intake: await intake(full, empty),
    };
  } finally {
    await gateway?.stop();
    await full.stop();
    await empty.stop();
  }
}

class AuditBench {
  constructor(
    private readonly database: BenchDatabase,
    private readonly gateway: GatewayProcess,
    private readonly runs: number,
  ) {}

  async size(): Promise<number> {
    const [row] = await this.database.db.query<{ bytes: string }>(
      { text: 'select pg_database_size(current_database()) as bytes' },
      [],
    );
    return Number(row?.bytes);
  }

  async pages(): Promise<AuditResult['pages']> {
    const pages: AuditResult['pages'] = {};
    for (const [name, make] of Object.entries(QUESTIONS)) {
      const times = { newest: [] as number[], deep: [] as number[], back: [] as number[] };
      for (let run = -WARM_UP; run < this.runs; run += 1) {
        const filters = make();
        const newest = await this.ask(filters);
        const deep = await this.ask(filters, this.cursorWithin(newest.cursor));
        const back = deep.previous === null ? undefined : await this.ask(filters, deep.previous);
        if (run < 0) continue;
        times.newest.push(newest.ms);
        times.deep.push(deep.ms);
        if (back) times.back.push(back.ms);
      }
      pages[name] = {
        newest: spread(times.newest),
        deep: spread(times.deep),
        back: times.back.length > 0 ? spread(times.back) : null,
      };
      process.stderr.write(`  ${name}: ${JSON.stringify(pages[name])}\n`);
    }
    return pages;
  }

  private async ask(
    filters: Record<string, string>,
    cursor?: string,
  ): Promise<{ ms: number; cursor: string | null; previous: string | null }> {
    const query = new URLSearchParams({ ...filters, limit: '50', ...(cursor !== undefined && { cursor }) });
    const began = performance.now();
    const page = await this.json(`/deliveries?${query.toString()}`);
    return {
      ms: performance.now() - began,
      cursor: page['next_cursor'] ?? null,
      previous: page['prev_cursor'] ?? null,
    };
  }

  /** A cursor of the same query that leads to a random moment of the log, as paging for hours would. */
  private cursorWithin(cursor: string | null): string | undefined {
    if (cursor === null) return undefined;
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as string[];
    const at = Date.now() - (30 + Math.random() * 330) * 86_400_000;
    const hex = Math.floor(at).toString(16).padStart(12, '0');
    parts[3] = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
    return Buffer.from(JSON.stringify(parts)).toString('base64url');
  }

  private async json(path: string): Promise<Record<string, string | null>> {
    const response = await fetch(`${this.gateway.url}/api/v1${path}`, { headers: this.headers });
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, string | null>;
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.gateway.adminKey}` };
  }

  /** Plans as they are made for the questions: partitions of this month and later, which are all but empty, do not count. */
  async scans(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    const thisMonth = new Date().toISOString().slice(0, 7).replace('-', '_');
    for (const [name, make] of Object.entries(QUESTIONS)) {
      const { q, ...filter } = make();
      const window = { range: { from: LOWEST_ID, before: HIGHEST_ID }, direction: 'next', limit: 51 } as const;
      const builder = new PageStatementBuilder(DELIVERIES, filter, window);
      const { statement, values } =
        q === undefined ? builder.byLead() : builder.byWords({ q, mark: HIGHEST_ID }, false);
      const plan = await this.database.db.transaction(async (db) => {
        if (q === undefined) await db.query({ text: 'set local enable_sort = off' }, []);
        return db.query<{ 'QUERY PLAN': string }>({ text: `explain ${statement.text}` }, values);
      });
      const scans = plan.flatMap((row) => /Seq Scan on (\S+)/.exec(row['QUERY PLAN'])?.[1] ?? []);
      const whole = scans.filter((table) => table.slice(-7) < thisMonth);
      if (whole.length > 0) found[name] = whole;
    }
    return found;
  }

  async statistics(): Promise<AuditResult['statistics']> {
    const now = new Date();
    const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
    const since = (days: number): string => new Date(end.getTime() - days * 86_400_000).toISOString();
    const time = async (query: string): Promise<Spread> => {
      const times: number[] = [];
      for (let run = 0; run < Math.min(this.runs, 30); run += 1) {
        const began = performance.now();
        await this.json(`/stats?${query}&until=${end.toISOString()}`);
        times.push(performance.now() - began);
      }
      return spread(times);
    };
    return { a_day: await time(`since=${since(1)}`), a_month_by_days: await time(`since=${since(30)}&bucket=day`) };
  }

  /** All deliveries of a source, or of a small log all; the reader is as fast as it can be. */
  async export(): Promise<AuditResult['export']> {
    const before = this.rss();
    const samples: number[] = [];
    const timer = setInterval(() => samples.push(this.rss()), 50);
    const began = performance.now();
    const query = `format=ndjson&source_id=${thingId('source', 0)}`;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const url = `${this.gateway.url}/api/v1/deliveries/export?${query}`;
      get(url, { headers: this.headers }, resolve).on('error', reject);
    });
    let rows = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      for (const byte of chunk) if (byte === 10) rows += 1;
    }
    clearInterval(timer);
    const seconds = (performance.now() - began) / 1_000;
    const quarter = Math.ceil(samples.length / 4);
    const quarters = [0, 1, 2, 3].map((each) => Math.max(...samples.slice(each * quarter, (each + 1) * quarter)));
    return { rows, rows_per_second: Math.round(rows / seconds), rss_mb: { before, quarters } };
  }

  private rss(): number {
    const status = readFileSync(`/proc/${this.gateway.pid}/status`, 'utf8');
    return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024);
  }
}

async function intake(full: BenchDatabase, empty: BenchDatabase): Promise<AuditResult['intake']> {
  const road: Road = {
    sourceId: thingId('source', 0),
    routeId: thingId('route', 0),
    destinationId: thingId('destination', 0),
  };
  const measure = async ({ db }: BenchDatabase): Promise<number> => {
    const began = performance.now();
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const records = Array.from({ length: BATCH }, (_, each) =>
        makeWebhook(batch * BATCH + each, 2_000, road, new Date()),
      );
      await persistWebhooks(db, records, new Date());
    }
    return (BATCHES * BATCH) / ((performance.now() - began) / 1_000);
  };
  const rates = { full: [] as number[], empty: [] as number[] };
  await Promise.all([measure(full), measure(empty)]);
  for (let run = 0; run < INTAKE_RUNS; run += 1) {
    rates.empty.push(await measure(empty));
    rates.full.push(await measure(full));
  }
  return {
    full_per_second: spread(rates.full),
    empty_per_second: spread(rates.empty),
    full_to_empty: spread(rates.full.map((rate, run) => rate / (rates.empty[run] ?? NaN))),
  };
}
