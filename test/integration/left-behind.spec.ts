import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { newId } from '../../src/clock/new-id.js';
import { Environment } from '../../src/config/environment.js';
import { Database } from '../../src/database/database.js';
import { LeftBehind } from '../../src/deliveries/left-behind.js';
import { LeaseKeeper } from '../../src/deliveries/leases/lease-keeper.js';
import { Cluster } from '../support/cluster.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

const DAY_SECONDS = 86_400;
const SHORTEST_LEASE_SECONDS = 3;
const STATES = ['pending', 'sending', 'delivered', 'dead', 'skipped'] as const;
const nobody = (): boolean => false;

describe('what waits for a deleted destination', () => {
  let database: TestDatabase;
  let db: Database;
  let client: Client;
  let clock: FakeClock;
  let leftBehind: LeftBehind;
  let keepers: LeaseKeeper[];
  let sequence = 0;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    db = new Database(database.url, 4);
    client = new Client({ connectionString: database.url });
    await client.connect();
    clock = new FakeClock();
    keepers = [];
    leftBehind = new LeftBehind(db, clock, newKeeper());
  });
  afterEach(async () => {
    for (const keeper of keepers) await keeper.stop();
    await client.end();
    await db.close();
    await database.drop();
  });

  /** A process's. */
  const newKeeper = (): LeaseKeeper => {
    const environment = new Environment();
    environment.LEASE_SECONDS = DAY_SECONDS;
    environment.DATABASE_URL = database.url;
    const keeper = new LeaseKeeper(db, clock, environment);
    keepers.push(keeper);
    return keeper;
  };
  const sql = async (text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(text, values)).rows;
  /** With a delivery in each state; what was sent has an attempt, which lasts where it is being sent. */
  const addDestination = async (isDeleted: boolean): Promise<string> => {
    const id = newId(clock.now());
    await sql(
      `insert into destinations (id, name, kind, secrets, deleted_at) values ($1::uuid, $1::uuid, 'webhook', '', $2)`,
      [id, isDeleted ? clock.now() : null],
    );
    for (const state of STATES) {
      const [delivery, attempt] = [newId(clock.now()), newId(clock.now())];
      await sql(
        `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, tries, created_at,
                                 attempt_id, in_doubt)
         values ($1, $1, $1, $2, 'ticket.created', 'x', $3, $4::text, 1, $5, $6, $4::text = 'pending')`,
        [delivery, id, (sequence += 1), state, clock.now(), attempt],
      );
      const outcome = state === 'sending' ? null : 'retry';
      await sql(`insert into attempts (id, delivery_id, number, started_at, outcome) values ($1, $2, 1, $3, $4)`, [
        attempt,
        delivery,
        clock.now(),
        outcome,
      ]);
    }
    return id;
  };
  const statesOf = async (id: string): Promise<unknown[]> =>
    (await sql('select state from deliveries where destination_id = $1 order by sequence', [id])).map(
      (row) => row['state'],
    );

  it('is cancelled, what was cut short as well, and the destination is free again', async () => {
    const [deleted, living] = [await addDestination(true), await addDestination(false)];
    await leftBehind.cancel(nobody);
    const rows = await sql(
      `select d.state, d.reason, d.attempts, d.in_doubt, d.finished_at, a.outcome, a.reason as ended, a.in_doubt as doubt
       from deliveries d join attempts a on a.id = d.attempt_id
       where d.destination_id = $1 order by d.sequence`,
      [deleted],
    );
    const cancelled = { state: 'cancelled', reason: 'destination_deleted', in_doubt: false, finished_at: clock.now() };
    const untouched = { reason: null, attempts: 0, in_doubt: false, finished_at: null };
    const before = { outcome: 'retry', ended: null, doubt: false };
    expect(rows).toEqual([
      { ...cancelled, attempts: 0, ...before },
      { ...cancelled, attempts: 1, outcome: 'retry', ended: 'interrupted', doubt: true },
      ...['delivered', 'dead', 'skipped'].map((state) => ({ ...untouched, state, ...before })),
    ]);
    expect(await statesOf(living)).toEqual([...STATES]);
    expect(await sql('select destination_id, owner from destination_leases')).toEqual([
      { destination_id: deleted, owner: null },
    ]);
  });

  it('is left to whoever works for it, until its lease has run out', async () => {
    const deleted = await addDestination(true);
    await newKeeper().acquire(deleted);
    await leftBehind.cancel(nobody);
    expect(await statesOf(deleted)).toEqual([...STATES]);
    await sql('update destination_leases set expires_at = clock_timestamp()');
    await leftBehind.cancel((id) => id === deleted);
    expect(await statesOf(deleted)).toEqual([...STATES]);
    await leftBehind.cancel(nobody);
    expect(await statesOf(deleted)).toEqual(['cancelled', 'cancelled', 'delivered', 'dead', 'skipped']);
  });

  it('is not looked for all the time', async () => {
    await leftBehind.cancel(nobody);
    const deleted = await addDestination(true);
    await leftBehind.cancel(nobody);
    expect(await statesOf(deleted)).toEqual([...STATES]);
    clock.advance(10_000);
    await leftBehind.cancel(nobody);
    expect(await statesOf(deleted)).toContain('cancelled');
  });
});

describe('a destination that is deleted while it is sent to', () => {
  it('leaves nothing that waits for ever, though its process is killed', async () => {
    const cluster = await Cluster.open(SHORTEST_LEASE_SECONDS);
    try {
      const api = await cluster.start('api');
      const doomed = await cluster.spawn('worker');
      cluster.zulip.answerNext('hang');
      await cluster.post(api.url, 1, 'one');
      await waitUntil(() => cluster.zulip.received.length === 1);
      await cluster.post(api.url, 1, 'two');
      await doomed.process.kill();
      await cluster.client.query('update destinations set deleted_at = now()');
      const states = (): Promise<unknown> =>
        cluster.ask(`select string_agg(state, ' ' order by sequence) from deliveries`);
      expect(await states()).toBe('sending pending');
      await cluster.start('worker');
      await waitUntil(async () => (await states()) === 'cancelled cancelled');
      expect(await cluster.ask(`select array_agg(outcome || ' ' || reason) from attempts`)).toEqual([
        'retry interrupted',
      ]);
      expect(cluster.zulip.received).toHaveLength(1);
    } finally {
      await cluster.close();
    }
  });
});
