import { Logger } from '@nestjs/common';
import { newId } from '../../src/clock/new-id.js';
import { Database } from '../../src/database/database.js';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { SourceWatch } from '../../src/sources/source-watch.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Row = Record<string, unknown>;

describe('the watch over sources', () => {
  let database: TestDatabase;
  let db: Database;
  let clock: FakeClock;
  let watch: SourceWatch;
  let source: string;
  let said: [string, string, unknown][];

  const makeWatch = (role = 'all'): SourceWatch => {
    const environment = validateEnvironment(
      role === 'all' ? {} : { ROLE: role, DATABASE_URL: database.url, ENCRYPTION_KEY: 'x'.repeat(32) },
    );
    return new SourceWatch(db, clock, environment);
  };
  const makeSource = async (name: string): Promise<string> => {
    const id = newId(clock.now());
    await run(
      `insert into sources (id, name, provider, token_hash, token) values ($1::uuid, $2, 'groove', sha256($1::uuid::text::bytea), 'x')`,
      id,
      name,
    );
    return id;
  };
  const run = (text: string, ...values: unknown[]): Promise<Row[]> => db.query<Row>({ text }, values);
  const hear = async (id = source, outcome = 'accepted'): Promise<void> => {
    const eventId = newId(clock.now());
    await run(
      'insert into events (id, webhook_id, source_id, outcome, received_at) values ($1, $1, $2, $3, $4)',
      eventId,
      id,
      outcome,
      clock.now(),
    );
  };
  /** Passes two minutes or more; the watch has made a round at the end. */
  const pass = async (ms: number): Promise<void> => {
    for (const step of [ms - MINUTE_MS, MINUTE_MS]) {
      const rounds = clock.delays.length;
      clock.advance(step);
      await waitUntil(() => clock.delays.length === rounds + watches);
    }
  };
  const hearEvery = async (ms: number, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await hear();
      await pass(ms);
    }
  };
  let watches = 1;

  beforeEach(async () => {
    database = await createTestDatabase();
    db = new Database(database.url, 4);
    clock = new FakeClock();
    said = [];
    const listen = (level: 'warn' | 'log') =>
      jest.spyOn(Logger.prototype, level).mockImplementation((...[facts, words]: unknown[]) => {
        said.push([level, String(words), facts]);
      });
    listen('warn');
    listen('log');
    source = await makeSource('Shop');
    watch = makeWatch();
    watch.onApplicationBootstrap();
    watches = 1;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await watch.onModuleDestroy();
    await db.close();
    await database.drop();
  });

  it('knows of a source when it was heard last, whatever became of that', async () => {
    await hear();
    await pass(2 * HOUR_MS);
    const heardAt = clock.now();
    await hear(source, 'rejected');
    await pass(2 * MINUTE_MS);
    expect(await run('select * from source_activity')).toEqual([
      {
        source_id: source,
        last_event_at: heardAt,
        watched_since: new Date(heardAt.getTime() - 2 * HOUR_MS),
        longest_gap_seconds: 7_200,
        previous_gap_seconds: 0,
        period_began_at: new Date(heardAt.getTime() - 2 * HOUR_MS),
        warned_at: null,
      },
    ]);
    expect(said).toEqual([]);
  });

  it('says once that one has gone silent, and once that it speaks again', async () => {
    await hearEvery(12 * HOUR_MS, 20);
    const heardAt = new Date(clock.now().getTime() - 12 * HOUR_MS);
    await pass(12 * HOUR_MS);
    expect(said).toEqual([]);
    await pass(2 * MINUTE_MS);
    const facts = { source_id: source, source: 'Shop', last_event_at: heardAt };
    expect(said).toEqual([['warn', 'a source that used to speak has gone silent', facts]]);
    await pass(5 * DAY_MS);
    const spokeAt = clock.now();
    await hear();
    await pass(2 * MINUTE_MS);
    await pass(HOUR_MS);
    expect(said.slice(1)).toEqual([
      ['log', 'a source that was silent speaks again', { ...facts, last_event_at: spokeAt }],
    ]);
  });

  it('does not miss what was heard for less than a day', async () => {
    await hearEvery(HOUR_MS, 24);
    await pass(30 * DAY_MS);
    expect(said).toEqual([]);
  });

  it('gives a new one three days, since its weekend may be ahead', async () => {
    await hearEvery(HOUR_MS, 26);
    await pass(3 * DAY_MS - HOUR_MS);
    expect(said).toEqual([]);
    await pass(2 * MINUTE_MS);
    expect(said).toHaveLength(1);
  });

  it('waits for twice the longest silence, and remembers it for as long as it takes to be heard again', async () => {
    await hearEvery(30 * DAY_MS, 2);
    await pass(29 * DAY_MS);
    expect(said).toEqual([]);
    await pass(2 * DAY_MS);
    expect(said).toHaveLength(1);
  });

  it('forgets a long silence when it has been heard for two periods of 14 days since', async () => {
    await hear();
    await pass(5 * DAY_MS);
    await hearEvery(6 * HOUR_MS, 4 * 30);
    const [row] = await run('select longest_gap_seconds, previous_gap_seconds from source_activity');
    expect(row).toEqual({ longest_gap_seconds: 21_600, previous_gap_seconds: 21_600 });
    await pass(DAY_MS);
    expect(said).toHaveLength(1);
  });

  it('does not watch what is disabled or deleted', async () => {
    const deleted = await makeSource('Deleted');
    for (let day = 0; day < 10; day += 1) {
      await hear();
      await hear(deleted);
      await pass(DAY_MS / 2);
    }
    await run('update sources set disabled_at = now() where id = $1', source);
    await run('update sources set deleted_at = now() where id = $1', deleted);
    await pass(40 * DAY_MS);
    expect(said).toEqual([]);
  });

  it('is made by one process at a time, and by none that only delivers', async () => {
    const other = makeWatch('api');
    const worker = makeWatch('worker');
    worker.onApplicationBootstrap();
    await hearEvery(12 * HOUR_MS, 20);
    other.onApplicationBootstrap();
    watches = 2;
    await pass(40 * DAY_MS);
    await pass(2 * MINUTE_MS);
    expect(said).toHaveLength(1);
    await db.transaction(async (held) => {
      await held.query({ text: 'select pg_advisory_xact_lock(4815162344)' }, []);
      await hear();
      await pass(2 * MINUTE_MS);
    });
    expect(said).toHaveLength(1);
    await pass(2 * MINUTE_MS);
    expect(said.map(([level]) => level)).toEqual(['warn', 'log']);
    await other.onModuleDestroy();
    await worker.onModuleDestroy();
  });

  it('goes on where a round fails', async () => {
    await run('alter table source_activity rename to away');
    await pass(2 * MINUTE_MS);
    expect(said.map(([, words]) => words)).toEqual(
      Array<string>(2).fill('sources could not be watched; tried again in a minute'),
    );
    await run('alter table away rename to source_activity');
    await hear();
    await pass(2 * MINUTE_MS);
    expect(await run('select source_id from source_activity')).toEqual([{ source_id: source }]);
  });
});
