import { Retention } from '../../src/retention/retention.js';
import type { RetentionDays } from '../../src/retention/retention-days.js';
import { catchLogLines } from '../support/catch-log-lines.js';
import { FakeClock } from '../support/fake-clock.js';
import { OldLog } from '../support/old-log.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const NOW = Date.parse('2020-06-15T12:00:00Z');
const DAY_MS = 86_400_000;
const KEPT: RetentionDays = { events: undefined, deliveries: undefined, attempts: undefined, raw: undefined };
const NINETY: RetentionDays = { events: 90, deliveries: 90, attempts: 90, raw: undefined };
/** So that a test need not wait long for what waits. */
const IMPATIENT = { lockMs: 200, statementMs: 2_000 };

const OTHER_SESSIONS = `
  select count(*)::int as count from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

describe('Retention', () => {
  let database: TestDatabase;
  let log: OldLog;
  let clock: FakeClock;
  let said: string[];

  beforeEach(async () => {
    database = await createTestDatabase();
    log = await OldLog.open(database.url);
    clock = new FakeClock(NOW);
    said = catchLogLines();
    for (const month of ['2020-01', '2020-02', '2020-03', '2020-04', '2020-05']) await log.addMonth(month);
    for (const day of ['2020-01-10', '2020-02-10', '2020-03-10', '2020-04-10', '2020-05-10']) await log.fill(day, 3);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await log.close();
    await database.drop();
  });

  const retention = (days: RetentionDays, limits = IMPATIENT): Retention =>
    new Retention(database.url, days, clock, limits);

  const everywhere = (...months: string[]): Record<string, string[]> => ({
    events: months,
    deliveries: months,
    attempts: months,
    event_words: months,
    delivery_words: months,
  });

  /** How often a month that stays was read from end to end, by sessions that have ended. */
  const scansOfDeliveries = async (): Promise<number | undefined> => {
    await waitUntil(async () => (await log.sql(OTHER_SESSIONS))[0]?.['count'] === 0);
    const [row] = await log.sql(
      "select seq_scan::int as scans from pg_stat_user_tables where relname = 'deliveries_2020_05'",
    );
    return Number(row?.['scans']) || undefined;
  };

  describe('removes', () => {
    it('the months of which every day is too old, with their words, and says so', async () => {
      await retention(NINETY).run();
      expect(await log.months()).toEqual(everywhere('2020-03', '2020-04', '2020-05'));
      expect(await log.apart()).toEqual([]);
      expect(await log.count('events')).toBe(9);
      expect(said).toEqual(
        ['2020-01', '2020-02'].flatMap((month) =>
          ['event_words', 'events', 'delivery_words', 'deliveries', 'attempts'].map(
            (table) => `${table} of ${month}: removed, the whole month is older than 90 days`,
          ),
        ),
      );
    });

    it('a month at the very instant at which its last day is too old', async () => {
      clock = new FakeClock(Date.parse('2020-05-30T00:00:00Z') - 1);
      await retention(NINETY).run();
      expect((await log.months())['events']).toContain('2020-02');
      clock.advance(1);
      await retention(NINETY).run();
      expect(await log.months()).toEqual(everywhere('2020-03', '2020-04', '2020-05'));
    });

    it('each table after days of its own', async () => {
      await retention({ events: 70, deliveries: 40, attempts: undefined, raw: undefined }).run();
      expect(await log.months()).toEqual({
        events: ['2020-04', '2020-05'],
        event_words: ['2020-04', '2020-05'],
        deliveries: ['2020-05'],
        delivery_words: ['2020-05'],
        attempts: ['2020-01', '2020-02', '2020-03', '2020-04', '2020-05'],
      });
    });

    it('nothing where all is kept', async () => {
      await retention(KEPT).run();
      expect(await log.months()).toEqual(everywhere('2020-01', '2020-02', '2020-03', '2020-04', '2020-05'));
      expect(said).toEqual([]);
    });

    it('what has grown old since, in rounds of an hour, the first of them soon, until it is stopped', async () => {
      const keeper = retention(NINETY);
      keeper.start();
      expect(clock.delays).toEqual([300_000]);
      clock.advance(300_000);
      await waitUntil(() => clock.delays.length === 2);
      expect(clock.delays).toEqual([300_000, 3_600_000]);
      expect((await log.months())['events']).toEqual(['2020-03', '2020-04', '2020-05']);
      clock.advance(15 * DAY_MS);
      await waitUntil(async () => (await log.months())['attempts']?.length === 2);
      await keeper.stop();
      clock.advance(90 * DAY_MS);
      expect(await log.months()).toEqual(everywhere('2020-04', '2020-05'));
    });
  });

  describe('leaves what is not finished', () => {
    it.each(['pending', 'sending'])(
      'of a delivery that is %s: itself, its event, its attempts; then they go',
      async (state) => {
        const id = await log.deliver('2020-02-03', '2020-01-10', state);
        const keeper = retention(NINETY);
        await keeper.run();
        expect(await log.months()).toEqual({
          events: ['2020-01', '2020-03', '2020-04', '2020-05'],
          event_words: ['2020-01', '2020-03', '2020-04', '2020-05'],
          deliveries: ['2020-02', '2020-03', '2020-04', '2020-05'],
          delivery_words: ['2020-02', '2020-03', '2020-04', '2020-05'],
          attempts: ['2020-02', '2020-03', '2020-04', '2020-05'],
        });
        await log.sql("update deliveries set state = 'dead' where id = $1", [id]);
        await keeper.run();
        expect(await log.months()).toEqual(everywhere('2020-03', '2020-04', '2020-05'));
      },
    );

    it('and says so once a day', async () => {
      await log.deliver('2020-05-20', '2020-01-10', 'pending');
      const keeper = retention({ ...KEPT, events: 120 });
      const stays = ['event_words', 'events'].map(
        (table) => `${table} of 2020-01: stays although it is old, deliveries of its events still wait to be sent`,
      );
      await keeper.run();
      expect(said).toEqual(stays);
      clock.advance(DAY_MS - 1);
      await keeper.run();
      expect(said).toEqual(stays);
      clock.advance(1);
      await keeper.run();
      expect(said).toEqual([...stays, ...stays]);
    });

    it('found by the index of what waits, however the planner takes the log', async () => {
      // It believes that any row it looks at is waiting, and a scan would find the first at once.
      const other = await OldLog.open(database.url);
      await other.sql("update deliveries set state = 'pending'");
      await other.sql('analyze deliveries');
      await other.sql("update deliveries set state = 'dead'");
      await other.close();
      const before = await waitUntil(scansOfDeliveries);
      await retention({ ...KEPT, attempts: 90 }).run();
      expect((await log.months())['attempts']).toEqual(['2020-03', '2020-04', '2020-05']);
      await retention({ ...KEPT, events: 90, deliveries: 90 }).run();
      expect((await log.months())['deliveries']).toEqual(['2020-03', '2020-04', '2020-05']);
      expect(await scansOfDeliveries()).toBe(before);
    });
  });
});
