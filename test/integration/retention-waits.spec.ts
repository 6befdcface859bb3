import { Client, type QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../src/database/database.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { RetentionMetrics } from '../../src/retention/retention-metrics.js';
import { Retention } from '../../src/retention/retention.js';
import type { RetentionDays } from '../../src/retention/retention-days.js';
import { MIGRATION_LOCK } from '../../src/database/migration-lock.js';
import { detachPartition } from '../../src/retention/sql/detach-partition.js';
import { listPartitions } from '../../src/retention/sql/list-partitions.js';
import { reattachPartition } from '../../src/retention/sql/reattach-partition.js';
import { catchLogLines } from '../support/catch-log-lines.js';
import { FakeClock } from '../support/fake-clock.js';
import { MetricsText } from '../support/metrics-text.js';
import { OldLog } from '../support/old-log.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const KEPT: RetentionDays = { events: undefined, deliveries: undefined, attempts: undefined, raw: undefined };
const EVENTS: RetentionDays = { ...KEPT, events: 90 };
const IMPATIENT = { lockMs: 200, statementMs: 2_000 };
const PATIENT = { lockMs: 60_000, statementMs: 60_000 };

describe('Retention, where others use the log', () => {
  let database: TestDatabase;
  let log: OldLog;
  let clock: FakeClock;
  let said: string[];
  let other: Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    log = await OldLog.open(database.url);
    clock = new FakeClock(Date.parse('2020-06-15T12:00:00Z'));
    said = catchLogLines();
    await log.addMonth('2020-01');
    await log.addMonth('2020-05');
    await log.fill('2020-01-10', 3);
    await log.fill('2020-05-10', 3);
    other = new Client({ connectionString: database.url });
    await other.connect();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await other.end();
    await log.close();
    await database.drop();
  });

  const retention = (days: RetentionDays, limits = IMPATIENT): Retention =>
    new Retention(database.url, days, clock, limits);

  const queryable: Queryable = {
    query: async <Row extends QueryResultRow>(statement: Statement, values: unknown[]) =>
      (await other.query<Row>({ ...statement, values })).rows,
  };

  const events = async (): Promise<string[]> => (await log.months())['events'] ?? [];

  /** Reads the old month in a transaction that does not end. */
  const readAndStay = async (): Promise<void> => {
    await other.query('begin');
    await other.query("select count(*) from events where id < '016f6000-0000-7000-8000-000000000000'");
  };

  /** Whether the removal waits for somebody in the second step of detaching. */
  const isWaiting = async (): Promise<boolean> => {
    const [row] = await log.sql(
      `select count(*)::int as count from pg_stat_activity
       where application_name = 'deskwire-retention' and query like 'alter table events%' and wait_event_type = 'Lock'`,
    );
    return row?.['count'] === 1;
  };

  it('goes on in the next round with what somebody held up', async () => {
    await readAndStay();
    const keeper = retention(EVENTS);
    const metrics = new Metrics();
    new RetentionMetrics(metrics, keeper);
    await keeper.run();
    expect(said).toEqual([
      'event_words of 2020-01: removed, the whole month is older than 90 days',
      'events of 2020-01: something still uses the table; its removal goes on in the next round',
    ]);
    // Out of sight, but not gone.
    expect(await log.count('events')).toBe(3);
    expect(await log.sql('select inhrelid::regclass::text as name from pg_inherits where inhdetachpending')).toEqual([
      { name: 'events_2020_01' },
    ]);
    await keeper.run();
    expect(said[2]).toBe(said[1]);
    await other.query('commit');
    await keeper.run();
    expect([await events(), await log.apart()]).toEqual([['2020-05'], []]);
    const succeeded = new MetricsText(await metrics.metrics()).value(
      'deskwire_retention_last_success_timestamp_seconds',
    );
    expect(succeeded).toBe(clock.now().getTime() / 1_000);
    expect(said[3]).toBe('events of 2020-01: removed, the whole month is older than 90 days');
  });

  it('leaves a month to whoever detaches it by hand after a removal that could not begin', async () => {
    await other.query('begin');
    await other.query('lock table only events in share update exclusive mode');
    await retention(EVENTS).run();
    expect(said).toContain('events of 2020-01: something still uses the table; its removal goes on in the next round');
    await other.query('commit');
    await other.query('alter table events detach partition events_2020_01');
    await retention(EVENTS).run();
    expect(await log.apart()).toEqual(['events_2020_01']);
  });

  it('goes on with other tables while a month of one is held up', async () => {
    await log.addMonth('2020-02');
    await log.fill('2020-02-10', 3);
    await readAndStay();
    const keeper = retention({ ...EVENTS, attempts: 90, raw: 10 });
    await keeper.run();
    await keeper.run();
    expect((await log.months())['attempts']).toEqual(['2020-05']);
    expect(await log.sql('select count(*)::int as count from events where raw_body is not null')).toEqual([
      { count: 0 },
    ]);
    expect(said).toContain(
      'events of 2020-02: stays although it is old, another month of the table is not quite detached yet',
    );
    await other.query('commit');
    await keeper.run();
    expect([await events(), await log.apart()]).toEqual([['2020-05'], []]);
  });

  it('attaches a month again when one of its events is delivered anew before it is gone', async () => {
    await readAndStay();
    const running = retention(EVENTS, PATIENT).run();
    await waitUntil(isWaiting);
    // As a replay would, in the transaction that found the event.
    await other.query(
      `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
       select '0171d000-0000-7000-8000-0000000000aa', event_id, source_id, destination_id, type, lane, 99, 'pending', now()
       from deliveries limit 1`,
    );
    await other.query('commit');
    await running;
    expect(said.slice(1)).toEqual([
      'events of 2020-01: its removal is taken back, deliveries of its events still wait to be sent',
    ]);
    expect(await events()).toEqual(['2020-01', '2020-05']);
    expect(await log.count('events')).toBe(6);
    await log.sql("update deliveries set state = 'delivered' where state = 'pending'");
    await retention(EVENTS).run();
    expect([await events(), await log.apart()]).toEqual([['2020-05'], []]);
  });

  it('attaches a month again that is to be kept for longer meanwhile, and forgets its raw bodies again', async () => {
    await log.sql("insert into log_marks values ('raw_bodies', '0171d000-0000-7000-8000-000000000000')");
    await readAndStay();
    await retention(EVENTS).run();
    await other.query('commit');
    await retention(KEPT).run();
    expect(said.at(-1)).toBe('events of 2020-01: its removal is taken back, it is to be kept for longer now');
    expect(await log.count('events')).toBe(6);
    expect(await log.sql("select id from log_marks where name = 'raw_bodies'")).toEqual([
      { id: '016f5e66-e800-0000-0000-000000000000' },
    ]);
    // No mark of the removal is left: an operator may detach it, and keeps it.
    await log.sql('alter table events detach partition events_2020_01');
    await retention(EVENTS).run();
    expect(await log.apart()).toEqual(['events_2020_01']);
  });

  it('reads no row to attach a month again', async () => {
    const [partition] = (await listPartitions(queryable)).filter(({ name }) => name === 'events_2020_01');
    if (!partition) throw new Error('There is no such partition.');
    await detachPartition(queryable, partition);
    const notices: string[] = [];
    other.on('notice', ({ message }) => notices.push(message ?? ''));
    await other.query("set client_min_messages = 'debug1'");
    await reattachPartition(queryable, partition);
    expect(notices).toContain('partition constraint for table "events_2020_01" is implied by existing constraints');
  });

  it('leaves a table alone that an operator detached', async () => {
    await log.sql(
      'alter table events detach partition events_2020_01; alter table event_words detach partition event_words_2020_01',
    );
    await retention({ ...EVENTS, events: 1 }).run();
    expect([await events(), await log.apart()]).toEqual([[], ['event_words_2020_01', 'events_2020_01']]);
  });

  it('is the work of one process at a time', async () => {
    await readAndStay();
    const first = retention(EVENTS, PATIENT).run();
    await waitUntil(isWaiting);
    await retention({ ...KEPT, raw: 30 }).run();
    expect(await log.sql("select * from log_marks where name = 'raw_bodies'")).toEqual([]);
    await other.query('commit');
    await first;
    await retention({ ...KEPT, raw: 30 }).run();
    expect(await log.sql('select count(*)::int as raw from events where raw_body is not null')).toEqual([{ raw: 0 }]);
  });

  it('waits for no migration, and no migration for it', async () => {
    await other.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const keeper = retention(EVENTS);
    await keeper.run();
    expect(await events()).toEqual(['2020-01', '2020-05']);
    expect(said[1]).toBe(
      'events of 2020-01: stays although it is old, the schema is being changed; tried again in the next round',
    );
    await other.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await keeper.run();
    expect(await events()).toEqual(['2020-05']);
  });

  it('breaks off when the process stops', async () => {
    await readAndStay();
    const keeper = retention(EVENTS, PATIENT);
    keeper.start();
    clock.advance(300_000);
    await waitUntil(isWaiting);
    const began = performance.now();
    await keeper.stop();
    expect(performance.now() - began).toBeLessThan(20_000);
    await other.query('commit');
    await retention(EVENTS).run();
    expect([await events(), await log.apart()]).toEqual([['2020-05'], []]);
  });

  it('lives through a database that is away', async () => {
    const away = new Retention('postgres://nobody@127.0.0.1:1/nothing', EVENTS, clock);
    const metrics = new Metrics();
    new RetentionMetrics(metrics, away);
    await away.run();
    const text = new MetricsText(await metrics.metrics());
    expect(text.value('deskwire_retention_failures_total')).toBe(1);
    expect(text.value('deskwire_retention_last_success_timestamp_seconds')).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^the log could not be kept short; tried again in an hour: .*ECONNREFUSED/);
  });
});
