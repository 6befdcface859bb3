import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { newId } from '../../src/clock/new-id.js';
import { Database } from '../../src/database/database.js';
import { lowestId } from '../../src/database/partitions.js';
import { LogFollower } from '../../src/log-follower/log-follower.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

/** In the middle of an hour. */
const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 1_800_000;
const ROUND_MS = 1_000;
const LOOK_AGAIN_MS = 600_000;

describe('LogFollower', () => {
  let database: TestDatabase;
  let client: Client;
  let db: Database;
  let clock: FakeClock;
  let followers: LogFollower[];
  const sourceId = newId(new Date(NOW));

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    db = new Database(database.url, 4);
    clock = new FakeClock(NOW);
    followers = [];
  });

  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await db.close();
    await client.end();
    await database.drop();
  });

  function follow(): void {
    const follower = new LogFollower(db, clock);
    followers.push(follower);
    follower.start();
  }

  /** An event that came so long ago, with a delivery of it. */
  async function insert(ageMs: number, title: string, outcome = 'accepted'): Promise<string> {
    const at = new Date(clock.now().getTime() - ageMs);
    const id = newId(at);
    await client.query(
      `insert into events (id, webhook_id, source_id, outcome, received_at, event, detail)
       values ($1, $1, $2, $3, $4, $5, case when $3 = 'rejected' then 'No name' end)`,
      [id, sourceId, outcome, at, JSON.stringify({ ticket: { title } })],
    );
    await client.query(
      `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
       values ($1, $2, $3, $3, 'ticket.created', '', 1, 'pending', $4)`,
      [newId(at), id, sourceId, at],
    );
    return id;
  }

  const words = async (): Promise<unknown[]> =>
    (await client.query<{ words: string }>('select words::text from event_words order by id')).rows.map(
      (row) => row.words,
    );
  const wordsOfDeliveries = async (): Promise<unknown[]> =>
    (await client.query<{ words: string }>('select words::text from delivery_words order by id')).rows.map(
      (row) => row.words,
    );
  const counts = async (): Promise<unknown[]> =>
    (
      await client.query(
        'select extract(epoch from hour)::int * 1000.0 - $1 as hour, outcome, count::int from event_summaries order by hour, outcome',
        [NOW],
      )
    ).rows.map(({ hour, outcome, count }: Record<string, unknown>) => [Number(hour), outcome, count]);
  /** Lets a second pass, until that is so. */
  const passed = (isSo: () => Promise<boolean>): Promise<unknown> =>
    waitUntil(() => {
      clock.advance(ROUND_MS);
      return isSo();
    });
  const mark = async (name: string): Promise<string> =>
    (await client.query<{ id: string }>('select id from log_marks where name = $1', [name])).rows[0]?.id ?? '';

  it('makes what has settled findable and counts it, once, and leaves what is new', async () => {
    await insert(3_600_000, 'The printer is on fire');
    await insert(3_500_000, 'Ink, again');
    await insert(20_000, 'A paper jam', 'rejected');
    await insert(-3_600_000, 'From a clock that is fast');
    follow();
    expect(followers[0]?.lagSeconds).toBeUndefined();
    await passed(async () => (await wordsOfDeliveries()).length === 3);
    await passed(() => Promise.resolve((followers[0]?.lagSeconds ?? Infinity) <= 16));
    expect(await words()).toEqual([
      "'fire' 'is' 'on' 'printer' 'the'",
      "'again' 'ink'",
      "'a' 'jam' 'name' 'no' 'paper'",
    ]);
    expect(await wordsOfDeliveries()).toEqual([
      "'fire' 'is' 'on' 'printer' 'the'",
      "'again' 'ink'",
      "'a' 'jam' 'name' 'no' 'paper'",
    ]);
    const hour = -1_800_000;
    expect(await counts()).toEqual([
      [hour - 3_600_000, 'accepted', 2],
      [hour, 'rejected', 1],
    ]);
    const before = await mark('event_words');
    await passed(async () => (await mark('event_words')) > before);
    expect((await counts()).length).toBe(2);
    expect((await mark('event_words')) <= lowestId(new Date(clock.now().getTime() - 15_000))).toBe(true);
  });

  it('follows a long log in batches, several processes at once, and counts each event once', async () => {
    await client.query(
      `insert into events (id, webhook_id, source_id, outcome, received_at, event)
       select ($1 || lpad(to_hex(n), 12, '0'))::uuid, $2, $2, 'accepted', $3, jsonb_build_object('ticket', jsonb_build_object('title', 'word' || n))
       from generate_series(1, 5500) n`,
      [newId(new Date(NOW - 60_000)).slice(0, 24), sourceId, new Date(NOW - 60_000)],
    );
    follow();
    follow();
    follow();
    await passed(async () => (await words()).length === 5_500);
    await passed(async () => (await mark('event_words')) > newId(new Date(NOW - 50_000)));
    expect(await counts()).toEqual([[-1_800_000, 'accepted', 5_500]]);
  });

  it('finds what came late when it looks again', async () => {
    await insert(60_000, 'In time');
    follow();
    await passed(async () => (await wordsOfDeliveries()).length === 1);
    await insert(120_000, 'Late');
    clock.advance(ROUND_MS);
    expect(await words()).toEqual(["'in' 'time'"]);
    clock.advance(LOOK_AGAIN_MS);
    await passed(async () => (await words()).length + (await wordsOfDeliveries()).length === 4);
    expect(await words()).toEqual(["'late'", "'in' 'time'"]);
    expect((await counts()).map((row) => (row as unknown[])[2])).toEqual([2]);
  });

  it('passes over a month whose words retention has dropped, and goes on with the next', async () => {
    const month = new Date(Date.UTC(new Date(NOW).getUTCFullYear(), new Date(NOW).getUTCMonth() - 1, 15));
    await insert(NOW - month.getTime(), 'Forgotten');
    await insert(60_000, 'In time');
    const suffix = month.toISOString().slice(0, 7).replace('-', '_');
    await client.query(`drop table event_words_${suffix}, delivery_words_${suffix}`);
    Logger.overrideLogger(false);
    follow();
    await passed(async () => (await wordsOfDeliveries()).length + (await words()).length === 2);
    Logger.overrideLogger(['error', 'warn']);
    expect(await words()).toEqual(["'in' 'time'"]);
  });
});
