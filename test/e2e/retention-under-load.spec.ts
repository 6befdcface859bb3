import { Client } from 'pg';
import { Retention } from '../../src/retention/retention.js';
import { SystemClock } from '../../src/clock/clock.js';
import { OldLog } from '../support/old-log.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const SENDERS = 4;
/** Enough for every round to meet webhooks, few enough to be delivered in seconds. */
const PAUSE_MS = 15;
const KEPT_MONTHS = ['2019-06'];

/** Senders and readers that go on until they are told to stop, and what they were answered. */
class Load {
  readonly eventIds: string[] = [];
  readonly failures: string[] = [];
  private isOver = false;
  private sent = 0;
  private readonly running: Promise<void>[] = [];

  constructor(private readonly gateway: TestGateway) {}

  begin(): void {
    for (let sender = 0; sender < SENDERS; sender += 1) this.running.push(this.repeat(() => this.send()));
    this.running.push(this.repeat(() => this.read('/deliveries?limit=100')));
    this.running.push(this.repeat(() => this.read('/events?limit=100')));
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  async send(): Promise<void> {
    this.sent += 1;
    const ticket = { number: this.sent, title: `Ticket ${this.sent}`, state: 'opened' };
    const { status, body, text } = await this.gateway.groove('ticket_started', ticket);
    if (status === 202) this.eventIds.push(...(body['event_ids'] as string[]));
    else this.failures.push(`${status} ${text}`);
  }

  private async read(path: string): Promise<void> {
    const { status, text } = await this.gateway.api('GET', path);
    if (status !== 200) this.failures.push(`${path}: ${status} ${text}`);
  }

  private async repeat(work: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      await work();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

describe('retention under load', () => {
  let gateway: TestGateway;
  let log: OldLog;
  let load: Load;

  beforeEach(async () => {
    gateway = await TestGateway.start({ RETENTION_DAYS: '90', RETENTION_DAYS_RAW: '30' });
    log = await OldLog.open(gateway.databaseUrl);
    load = new Load(gateway);
  });

  afterEach(async () => {
    await log.close();
    await gateway.stop();
  });

  it('old months go while webhooks come and are delivered: nothing fails, and nothing else is touched', async () => {
    const retention = gateway.app.get(Retention, { strict: false });
    await log.addMonth('2019-06');
    await log.fill('2019-06-10', 200);
    const unfinished = await log.deliver('2019-06-11', '2019-06-10', 'pending');
    load.begin();
    for (const month of ['2019-01', '2019-02', '2019-03', '2019-04', '2019-05']) {
      await log.addMonth(month);
      await log.fill(`${month}-10`, 200);
      const before = load.eventIds.length;
      await waitUntil(() => load.eventIds.length > before + 40);
      await retention.run();
    }
    await load.end();
    expect(load.failures).toEqual([]);
    expect(await log.months()).toEqual({
      events: KEPT_MONTHS,
      deliveries: KEPT_MONTHS,
      attempts: KEPT_MONTHS,
      event_words: KEPT_MONTHS,
      delivery_words: KEPT_MONTHS,
    });
    expect(await log.apart()).toEqual([]);
    await everythingDelivered();
    expect(await log.count('events')).toBe(load.eventIds.length + 200);
    expect(await log.count('deliveries')).toBe(load.eventIds.length + 201);
    expect(await log.sql("select id from deliveries where state <> 'delivered'")).toEqual([{ id: unfinished }]);
    expect(await log.sql('select outcome, count(*)::int as count from attempts group by 1 order by 1')).toEqual([
      { outcome: 'sent', count: load.eventIds.length },
      { outcome: null, count: 200 },
    ]);
    expect(await log.sql('select count(*)::int as raw from events where raw_body is not null')).toEqual([
      { raw: load.eventIds.length },
    ]);
  });

  /** Each of the new events has arrived, once. */
  const everythingDelivered = async (): Promise<void> => {
    const ids = await waitUntil(async () => {
      const rows = await log.sql(
        "select event_id from deliveries where state = 'delivered' and created_at > '2025-01-01'",
      );
      return rows.length >= load.eventIds.length && rows.map((row) => String(row['event_id']));
    });
    expect(ids.sort()).toEqual([...load.eventIds].sort());
  };

  it('webhooks do not wait while a removal waits for a reader that does not end', async () => {
    await log.addMonth('2019-01');
    await log.fill('2019-01-10', 200);
    const reader = new Client({ connectionString: gateway.databaseUrl });
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('select (select count(*) from events), (select count(*) from deliveries)');
    const days = { events: 90, deliveries: 90, attempts: 90, raw: undefined };
    const retention = new Retention(gateway.databaseUrl, days, new SystemClock(), {
      lockMs: 1_000,
      statementMs: 3_000,
    });
    load.begin();
    // Twice each: the second round waits in another way than the first.
    for (const _round of ['detach', 'finalize']) {
      const before = load.eventIds.length;
      let isOver = false;
      const round = retention.run().finally(() => (isOver = true));
      // Webhooks that waited for the removal would be answered when it has given up, not before.
      await waitUntil(() => isOver || load.eventIds.length >= before + 5);
      expect(isOver).toBe(false);
      await round;
    }
    await load.end();
    expect(load.failures).toEqual([]);
    expect(
      await log.sql('select inhrelid::regclass::text as name from pg_inherits where inhdetachpending order by 1'),
    ).toEqual([{ name: 'deliveries_2019_01' }, { name: 'events_2019_01' }]);
    // What it saw first it sees still.
    expect((await reader.query('select count(*)::int as count from events')).rows).toEqual([{ count: 200 }]);
    await reader.query('commit');
    await reader.end();
    await retention.run();
    expect((await log.months())['deliveries']).toEqual([]);
    expect(await log.apart()).toEqual([]);
    await everythingDelivered();
  });
});
