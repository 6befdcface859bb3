import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrate } from '../../src/database/migrate.js';
import { MIGRATION_LOCK } from '../../src/database/migration-lock.js';
import { PartitionKeeper } from '../../src/database/partition-keeper.js';
import { catchLogLines } from '../support/catch-log-lines.js';
import { FakeClock } from '../support/fake-clock.js';
import { OldLog } from '../support/old-log.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const ROUND_MS = 600_000;
const MONTH_MS = 31 * 86_400_000;

describe('PartitionKeeper', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let log: OldLog;
  let clock: FakeClock;
  let said: string[];
  let keeper: PartitionKeeper;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    log = await OldLog.open(database.url);
    clock = new FakeClock(Date.parse('2031-05-30T12:00:00Z'));
    said = catchLogLines();
    keeper = new PartitionKeeper(dataSource, clock);
    keeper.start();
  });

  afterEach(async () => {
    await keeper.stop();
    jest.restoreAllMocks();
    await log.close();
    await dataSource.destroy();
    await database.drop();
  });

  /** Time passes, and what falls due then is done. */
  const pass = async (ms: number): Promise<void> => {
    const rounds = clock.delays.length;
    clock.advance(ms);
    await waitUntil(() => clock.delays.length > rounds);
  };

  const partitions = async (table: string): Promise<string[]> =>
    (
      await log.sql(
        `select right(c.relname, 7) as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = $1::regclass and c.relname > $1 || '_2031' order by 1`,
        [table],
      )
    ).map((row) => String(row['month']));

  it('makes the months to come while the gateway runs, and stops when told', async () => {
    expect(keeper.monthsAhead).toBeUndefined();
    await pass(ROUND_MS);
    expect(keeper.monthsAhead).toBe(3);
    const first = ['2031_04', '2031_05', '2031_06', '2031_07', '2031_08'];
    for (const table of ['events', 'deliveries', 'attempts', 'event_words', 'delivery_words']) {
      expect(await partitions(table)).toEqual(first);
    }
    await pass(MONTH_MS);
    await pass(ROUND_MS);
    expect(await partitions('attempts')).toEqual([...first, '2031_09']);
    await keeper.stop();
    clock.advance(2 * MONTH_MS);
    expect(keeper.monthsAhead).toBe(1);
    expect(await partitions('events')).toEqual([...first, '2031_09']);
    expect(said).toEqual([]);
  });

  it('builds them so that attaching reads nothing: with their bounds as a constraint', async () => {
    await pass(ROUND_MS);
    const [row] = await log.sql(
      `select pg_get_constraintdef(c.oid) as own, pg_get_partition_constraintdef(c.conrelid) as of_partition
       from pg_constraint c where c.conname = 'events_2031_06_month'`,
    );
    const own = /^CHECK \(\((.*)\)\)$/.exec(String(row?.['own']))?.[1];
    expect(row?.['of_partition']).toBe(`((id IS NOT NULL) AND ${String(own)})`);
  });

  it('does not bring back a month that has been removed', async () => {
    await pass(ROUND_MS);
    await log.sql('alter table events detach partition events_2031_04; drop table events_2031_04');
    await log.sql('alter table event_words detach partition event_words_2031_04; drop table event_words_2031_04');
    await pass(ROUND_MS);
    expect(await partitions('events')).toEqual(['2031_05', '2031_06', '2031_07', '2031_08']);
    expect(await partitions('event_words')).toEqual(['2031_05', '2031_06', '2031_07', '2031_08']);
  });

  it('never waits long for a table that something holds, keeps nobody waiting, and tries again in minutes', async () => {
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('begin; lock table events in share update exclusive mode');
    const round = pass(ROUND_MS);
    await waitUntil(async () => {
      const [row] = await log.sql(
        "select count(*)::int as count from pg_locks where not granted and relation = 'events'::regclass",
      );
      return row?.['count'] === 1;
    });
    // A webhook is stored meanwhile, and a question answered.
    await log.sql("set lock_timeout = '100ms'");
    expect(await log.count('events')).toBe(0);
    await log.sql('insert into events select * from events');
    await round;
    expect(await partitions('events')).toEqual([]);
    expect(keeper.monthsAhead).toBe(0);
    expect(await partitions('attempts')).toHaveLength(5);
    const names = ['04', '05', '06', '07', '08'].map((month) => `events_2031_${month}`).join(', ');
    expect(said).toEqual([`${names}: something holds the table; tried again in ten minutes`]);
    await holder.query('commit');
    await holder.end();
    await pass(ROUND_MS);
    expect(await partitions('events')).toHaveLength(5);
  });

  it('leaves the schema to a migration that is under way', async () => {
    const [row] = await log.sql('select pg_try_advisory_lock($1) as is_ours', [MIGRATION_LOCK]);
    expect(row).toEqual({ is_ours: true });
    await pass(ROUND_MS);
    expect(await partitions('events')).toEqual([]);
    await log.sql('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await pass(ROUND_MS);
    expect(await partitions('events')).toHaveLength(5);
  });

  it('a start fails when it cannot have what webhooks of today need, and says why', async () => {
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('begin; lock table attempts in share update exclusive mode');
    await expect(migrate(database.url, clock.now())).rejects.toThrow(
      'The partitions attempts_2031_04, attempts_2031_05 cannot be attached: something holds a lock on their table.',
    );
    await holder.end();
    await migrate(database.url, clock.now());
    expect(await partitions('attempts')).toHaveLength(5);
  });
});
