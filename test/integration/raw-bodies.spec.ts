import { Client } from 'pg';
import { RawBodyEraser } from '../../src/retention/raw-body-eraser.js';
import { RetentionConnection } from '../../src/retention/retention-connection.js';
import { catchLogLines } from '../support/catch-log-lines.js';
import { FakeClock } from '../support/fake-clock.js';
import { OldLog } from '../support/old-log.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const AT_ONCE = 10;

/** Half a second passes with every look at it. */
class RushingClock extends FakeClock {
  override steady(): number {
    this.advance(250);
    return super.steady();
  }
}

describe('RawBodyEraser', () => {
  let database: TestDatabase;
  let log: OldLog;
  let connection: RetentionConnection;
  let clock: FakeClock;
  let said: string[];

  beforeEach(async () => {
    database = await createTestDatabase();
    log = await OldLog.open(database.url);
    for (const month of ['2020-04', '2020-05', '2020-06']) await log.addMonth(month);
    await log.fill('2020-04-30', 25);
    await log.fill('2020-05-20', 25);
    await log.fill('2020-06-10', 25);
    clock = new FakeClock(Date.parse('2020-06-15T00:00:00Z'));
    said = catchLogLines();
    connection = new RetentionConnection(database.url, { lockMs: 5_000, statementMs: 5_000 });
    await connection.open();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await connection.close();
    await log.close();
    await database.drop();
  });

  const erase = (raw: number | undefined, stopping = new AbortController().signal): Promise<void> =>
    new RawBodyEraser({ events: undefined, deliveries: undefined, attempts: undefined, raw }, clock, AT_ONCE).run(
      connection,
      stopping,
    );

  /** Days of events that have a raw body still, and how many of them. */
  const raw = async (): Promise<Record<string, number>> => {
    const rows = await log.sql(
      `select to_char(received_at at time zone 'UTC', 'MM-DD') as day, count(raw_body)::int as body,
              count(raw_headers)::int as headers
       from events group by 1 order by 1`,
    );
    for (const row of rows) expect(row['headers']).toBe(row['body']);
    return Object.fromEntries(rows.map((row) => [String(row['day']), Number(row['body'])]));
  };

  it('forgets what is older than it is kept, in small commits, and leaves the events', async () => {
    const commits = new Client({ connectionString: database.url });
    await commits.connect();
    await erase(30);
    expect(await raw()).toEqual({ '04-30': 0, '05-20': 25, '06-10': 25 });
    expect(
      await log.sql('select count(distinct xmin::text)::int as commits from events where raw_body is null'),
    ).toEqual([{ commits: 3 }]);
    expect(await log.count('events')).toBe(75);
    expect(said).toEqual(['raw bodies: 25 forgotten, older than 30 days']);
    await commits.end();
  });

  it('goes on where it was, when time passes or the days are fewer', async () => {
    await erase(30);
    await log.sql("update events set raw_body = 'put back' where id = (select min(id::text)::uuid from events)");
    clock.advance(7 * 86_400_000);
    await erase(30);
    // What is before the mark is not looked at again.
    expect(await raw().catch((error: unknown) => error)).toBeInstanceOf(Error);
    await log.sql('update events set raw_body = null where raw_headers is null');
    expect(await raw()).toEqual({ '04-30': 0, '05-20': 0, '06-10': 25 });
    await erase(5);
    expect(await raw()).toEqual({ '04-30': 0, '05-20': 0, '06-10': 0 });
  });

  it('forgets nothing while the days are more than they were, or none', async () => {
    await erase(30);
    await erase(60);
    await erase(undefined);
    expect(await raw()).toEqual({ '04-30': 0, '05-20': 25, '06-10': 25 });
    await erase(20);
    expect(await raw()).toEqual({ '04-30': 0, '05-20': 0, '06-10': 25 });
  });

  it('rests four times as long as it worked, and not at all once the process stops', async () => {
    clock = new RushingClock(clock.now().getTime());
    const stopping = new AbortController();
    let isDone = false;
    const erasing = erase(30, stopping.signal).then(() => (isDone = true));
    await waitUntil(() => clock.delays.length === 1);
    expect(clock.delays).toEqual([1_000]);
    expect(await raw()).toMatchObject({ '04-30': 15 });
    clock.advance(999);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await raw()).toMatchObject({ '04-30': 15 });
    clock.advance(1);
    await waitUntil(() => clock.delays.length === 2);
    expect(await raw()).toMatchObject({ '04-30': 5 });
    expect(isDone).toBe(false);
    stopping.abort();
    await erasing;
  });
});
