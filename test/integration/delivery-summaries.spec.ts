import { Client } from 'pg';
import { newId } from '../../src/clock/new-id.js';
import { Database } from '../../src/database/database.js';
import { Lease } from '../../src/deliveries/leases/lease.js';
import { acquireLease } from '../../src/deliveries/leases/sql/acquire-lease.js';
import { cancelLeftBehind } from '../../src/deliveries/sql/cancel-left-behind.js';
import { endUnsent } from '../../src/deliveries/sql/end-unsent.js';
import { type AttemptEnd, finishAttempts } from '../../src/deliveries/sql/finish-attempts.js';
import { settleDoubts } from '../../src/deliveries/sql/settle-doubts.js';
import { cancelOfDeleted } from '../../src/destinations/sql/cancel-of-deleted.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';

type Row = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;
const OWNER = newId(new Date());
const [SOURCE, ROUTE] = [newId(new Date()), newId(new Date())];
/** The steps of these many milliseconds. */
const [STEP_OF_100_MS, STEP_OF_1_S, STEP_OF_3_S] = [26, 39, 46];

/** A delivery of the test's, and its latest attempt. */
interface Sent {
  id: string;
  attemptId: string;
}

describe('summaries of deliveries', () => {
  let database: TestDatabase;
  let db: Database;
  let client: Client;
  let lease: Lease;
  let destinationId: string;
  let sequence = 0;
  /** The beginning of an hour. */
  const noon = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const after = (milliseconds: number): Date => new Date(noon.getTime() + milliseconds);

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    // Half an hour beside UTC: hours are UTC's all the same.
    await client.query(`alter database ${client.database ?? ''} set timezone = 'Asia/Kolkata'`);
    db = new Database(database.url, 8);
    destinationId = newId(new Date());
    await client.query(
      `insert into destinations (id, name, kind, secrets) values ($1::uuid, $1::uuid, 'webhook', '')`,
      [destinationId],
    );
    const row = await acquireLease(db, destinationId, OWNER, DAY_SECONDS, true);
    lease = new Lease(destinationId, OWNER, row?.fence ?? '', null, new FakeClock());
  });

  afterEach(async () => {
    await client.end();
    await db.close();
    await database.drop();
  });

  const sql = async (text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(text, values)).rows;

  /** Accepted at noon, its attempt begun after 900 ms. */
  const add = async (state: string, fields: { inDoubt?: boolean; route?: string | null } = {}): Promise<Sent> => {
    const [id, attemptId] = [newId(noon), newId(noon)];
    await sql(
      `insert into deliveries (id, event_id, source_id, route_id, destination_id, type, lane, sequence, state, tries,
                               created_at, attempt_id, in_doubt)
       values ($1, $1, $2, $3, $4, 'ticket.created', 'x', $5, $6, 1, $7, $8, $9)`,
      [
        id,
        SOURCE,
        fields.route === undefined ? ROUTE : fields.route,
        destinationId,
        (sequence += 1),
        state,
        noon,
        attemptId,
        fields.inDoubt ?? false,
      ],
    );
    await sql('insert into attempts (id, delivery_id, number, started_at, outcome) values ($1, $2, 1, $3, $4)', [
      attemptId,
      id,
      after(900),
      state === 'sending' ? null : 'retry',
    ]);
    return { id, attemptId };
  };

  /** One delivery a route, all being sent. */
  const addEach = async (routes: readonly string[]): Promise<Sent[]> => {
    const added = routes.map(() => ({ id: newId(noon), attemptId: newId(noon) }));
    const [ids, attemptIds] = [added.map(({ id }) => id), added.map(({ attemptId }) => attemptId)];
    await sql(
      `with added as (
         select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as a (id, attempt_id, route_id)
       ), tried as (
         insert into attempts (id, delivery_id, number, started_at) select attempt_id, id, 1, $6 from added
       )
       insert into deliveries (id, event_id, source_id, route_id, destination_id, type, lane, sequence, state, tries,
                               created_at, attempt_id)
       select id, id, $4, route_id, $5, 'ticket.created', 'x', 1, 'sending', 1, $6, attempt_id
       from added`,
      [ids, attemptIds, routes, SOURCE, destinationId, noon],
    );
    return added;
  };

  /** Delivered a second after it was accepted, in 100 ms, unless told otherwise. */
  const endOf = ({ id, attemptId }: Sent, fields: Partial<AttemptEnd> = {}): AttemptEnd => ({
    id: attemptId,
    deliveryId: id,
    durationMs: 100,
    outcome: 'sent',
    reason: null,
    httpStatus: 200,
    response: null,
    detail: null,
    messageId: 1,
    inDoubt: false,
    isToLookUp: false,
    state: 'delivered',
    costsAttempt: true,
    sendAlone: false,
    nextAttemptAt: null,
    finishedAt: after(1_000),
    topic: null,
    ...fields,
  });
  const rejected: Partial<AttemptEnd> = { outcome: 'rejected', reason: 'invalid', state: 'dead', messageId: null };
  const failed: Partial<AttemptEnd> = {
    outcome: 'retry',
    reason: 'network',
    state: 'pending',
    messageId: null,
    nextAttemptAt: after(6_000),
    finishedAt: null,
  };

  /** By hours after noon. */
  const counts = async (): Promise<unknown[]> =>
    (
      await sql(
        `select extract(epoch from hour - $1)::int / 3600 as hour, route_id, state, reason, count::int
         from delivery_summaries
         where destination_id = $2 and source_id = $3
         order by hour, route_id, state, reason`,
        [noon, destinationId, SOURCE],
      )
    ).map(({ hour, route_id: route, state, reason, count }) => [hour, route, state, reason, count]);
  const durations = async (): Promise<unknown[]> =>
    (
      await sql(
        `select extract(epoch from hour - $1)::int / 3600 as hour, kind, step, count::int
         from latency_summaries
         where destination_id = $2
         order by hour, kind, step`,
        [noon, destinationId],
      )
    ).map(({ hour, kind, step, count }) => [hour, kind, step, count]);

  it('have what attempts end, and how long it took, but nothing that waits again', async () => {
    const [delivered, dead, waiting] = [await add('sending'), await add('sending'), await add('sending')];
    await finishAttempts(db, destinationId, [
      endOf(delivered),
      endOf(dead, rejected),
      endOf(waiting, { ...failed, durationMs: 3_000 }),
    ]);
    expect(await counts()).toEqual([
      [0, ROUTE, 'dead', 'invalid', 1],
      [0, ROUTE, 'delivered', '', 1],
    ]);
    expect(await durations()).toEqual([
      [0, 'attempt', STEP_OF_100_MS, 2],
      [0, 'attempt', STEP_OF_3_S, 1],
      [0, 'end_to_end', STEP_OF_1_S, 1],
    ]);
  });

  it('have each delivery of a joined message, and each of its attempts', async () => {
    const joined = [await add('sending'), await add('sending'), await add('sending')];
    await finishAttempts(
      db,
      destinationId,
      joined.map((each) => endOf(each)),
    );
    expect(await counts()).toEqual([[0, ROUTE, 'delivered', '', 3]]);
    expect(await durations()).toEqual([
      [0, 'attempt', STEP_OF_100_MS, 3],
      [0, 'end_to_end', STEP_OF_1_S, 3],
    ]);
  });

  it('are of the hour in which it ended', async () => {
    const [before, at] = [await add('sending'), await add('sending')];
    await finishAttempts(db, destinationId, [
      endOf(before, { finishedAt: after(HOUR_MS - 1) }),
      endOf(at, { finishedAt: after(HOUR_MS), durationMs: HOUR_MS - 900 }),
    ]);
    expect(await counts()).toEqual([
      [0, ROUTE, 'delivered', '', 1],
      [1, ROUTE, 'delivered', '', 1],
    ]);
    expect((await durations()).map((row) => (row as unknown[]).slice(0, 2))).toEqual([
      [0, 'attempt'],
      [0, 'end_to_end'],
      [1, 'attempt'],
      [1, 'end_to_end'],
    ]);
  });

  it('have a subscriber’s in one row as well', async () => {
    for (const each of [await add('sending', { route: null }), await add('sending', { route: null })]) {
      await finishAttempts(db, destinationId, [endOf(each)]);
    }
    expect(await counts()).toEqual([[0, null, 'delivered', '', 2]]);
  });

  it('have an arrival once that is told of late, and again', async () => {
    const late = await add('pending', { inDoubt: true });
    await finishAttempts(db, destinationId, [endOf(late)]);
    await finishAttempts(db, destinationId, [endOf(late)]);
    expect(await counts()).toEqual([[0, ROUTE, 'delivered', '', 1]]);
    expect(await durations()).toEqual([
      [0, 'attempt', STEP_OF_100_MS, 1],
      [0, 'end_to_end', STEP_OF_1_S, 1],
    ]);
  });

  it('have once what was found by asking before its answer came, and the attempt when that is known', async () => {
    const found = await add('pending', { inDoubt: true });
    const doubt = { deliveryId: found.id, attemptId: found.attemptId, nextAttemptAt: null };
    await settleDoubts(db, lease, [
      { ...doubt, lookedUp: 'found', messageId: 1, state: 'delivered', at: after(3_000) },
    ]);
    expect(await durations()).toEqual([[0, 'end_to_end', STEP_OF_3_S, 1]]);
    await finishAttempts(db, destinationId, [endOf(found)]);
    expect(await counts()).toEqual([[0, ROUTE, 'delivered', '', 1]]);
    expect(await durations()).toEqual([
      [0, 'attempt', STEP_OF_100_MS, 1],
      [0, 'end_to_end', STEP_OF_3_S, 1],
    ]);
  });

  it('have a doubt that ends in death, and not one that waits', async () => {
    const [dead, waiting, open] = [
      await add('pending', { inDoubt: true }),
      await add('pending', { inDoubt: true }),
      await add('pending', { inDoubt: true }),
    ];
    await sql(`update deliveries set reason = 'timeout'`);
    const doubt = { messageId: null, at: after(1_000), nextAttemptAt: null };
    await settleDoubts(db, lease, [
      { ...doubt, deliveryId: dead.id, attemptId: dead.attemptId, lookedUp: 'absent', state: 'dead' },
      { ...doubt, deliveryId: waiting.id, attemptId: waiting.attemptId, lookedUp: 'absent', state: 'pending' },
      { ...doubt, deliveryId: open.id, attemptId: open.attemptId, lookedUp: 'open', state: 'pending' },
    ]);
    expect(await counts()).toEqual([[0, ROUTE, 'dead', 'timeout', 1]]);
    expect(await durations()).toEqual([]);
  });

  it('have what ends without an attempt, unless it has ended already', async () => {
    const [skipped, dead, gone] = [await add('pending'), await add('pending'), await add('cancelled')];
    const end = { detail: null, finishedAt: after(5), channel: null, topic: null };
    await endUnsent(db, lease, [
      { ...end, deliveryId: skipped.id, state: 'skipped', reason: 'same_place' },
      { ...end, deliveryId: dead.id, state: 'dead', reason: 'render_failed' },
      { ...end, deliveryId: gone.id, state: 'skipped', reason: 'same_place' },
    ]);
    expect(await counts()).toEqual([
      [0, ROUTE, 'dead', 'render_failed', 1],
      [0, ROUTE, 'skipped', 'same_place', 1],
    ]);
    expect(await durations()).toEqual([]);
  });

  it('have what is cancelled with its destination, once', async () => {
    await add('pending');
    await add('sending');
    await add('delivered');
    await cancelOfDeleted(db, destinationId, after(1));
    expect(await counts()).toEqual([]);
    await sql('update destinations set deleted_at = now()');
    await cancelOfDeleted(db, destinationId, after(1));
    expect(await counts()).toEqual([[0, ROUTE, 'cancelled', 'destination_deleted', 1]]);
    await cancelLeftBehind(db, lease, after(HOUR_MS));
    await cancelLeftBehind(db, lease, after(HOUR_MS));
    expect(await counts()).toEqual([
      [0, ROUTE, 'cancelled', 'destination_deleted', 1],
      [1, ROUTE, 'cancelled', 'destination_deleted', 1],
    ]);
    expect(await durations()).toEqual([]);
  });

  it('add up when two owners write at once, and neither waits for the other for ever', async () => {
    const routes = Array.from({ length: 400 }, () => newId(noon));
    const batches: AttemptEnd[][] = [];
    // Of different sizes, in different orders.
    for (let round = 1; round <= 16; round += 1) {
      const chosen = routes.filter((_, index) => index % round === 0);
      const added = await addEach(round % 2 === 0 ? chosen : chosen.reverse());
      batches.push(added.map((each, index) => endOf(each, { durationMs: 2 ** ((index * 7 + round) % 20) })));
    }
    await Promise.all(batches.map((batch) => finishAttempts(db, destinationId, batch)));
    const total = batches.flat().length;
    expect(await sql('select sum(count)::int as sum from delivery_summaries')).toEqual([{ sum: total }]);
    expect(await sql('select kind, sum(count)::int as sum from latency_summaries group by kind order by kind')).toEqual(
      [
        { kind: 'attempt', sum: total },
        { kind: 'end_to_end', sum: total },
      ],
    );
  });
});
