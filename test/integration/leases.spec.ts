import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { type Clock, SystemClock } from '../../src/clock/clock.js';
import { newId } from '../../src/clock/new-id.js';
import { Environment } from '../../src/config/environment.js';
import { Database } from '../../src/database/database.js';
import { LeaseKeeper } from '../../src/deliveries/leases/lease-keeper.js';
import { type Lease, LeaseLostError } from '../../src/deliveries/leases/lease.js';
import { beginAttempts } from '../../src/deliveries/sql/begin-attempts.js';
import { endUnsent } from '../../src/deliveries/sql/end-unsent.js';
import { settleDoubts } from '../../src/deliveries/sql/settle-doubts.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const SHORT_SECONDS = 0.4;
const DAY_SECONDS = 86_400;

describe('the leases of destinations', () => {
  let database: TestDatabase;
  let db: Database;
  let client: Client;
  let destinationId: string;
  let keepers: LeaseKeeper[];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    database = await createTestDatabase();
    db = new Database(database.url, 4);
    client = new Client({ connectionString: database.url });
    await client.connect();
    destinationId = newId(new Date());
    keepers = [];
  });

  afterEach(async () => {
    for (const keeper of keepers) await keeper.stop();
    await client.end();
    await db.close();
    await database.drop();
  });

  /** A process's. */
  const newKeeper = (
    seconds: number,
    clock: Clock = new SystemClock(),
    url: string | null = database.url,
  ): LeaseKeeper => {
    const environment = new Environment();
    environment.LEASE_SECONDS = seconds;
    if (url !== null) environment.DATABASE_URL = url;
    const keeper = new LeaseKeeper(db, clock, environment);
    keepers.push(keeper);
    return keeper;
  };

  const acquired = async (keeper: LeaseKeeper): Promise<Lease> => {
    const lease = await waitUntil(() => keeper.acquire(destinationId));
    return lease;
  };

  it('are given to one process, however many ask at the same time', async () => {
    const asking = Array.from({ length: 8 }, () => newKeeper(DAY_SECONDS).acquire(destinationId));
    expect((await Promise.all(asking)).filter(Boolean)).toHaveLength(1);
  });

  it('hold for as long as their owner lives', async () => {
    const owner = newKeeper(SHORT_SECONDS);
    const lost: Lease[] = [];
    owner.start((lease) => lost.push(lease));
    const lease = await acquired(owner);
    const other = newKeeper(SHORT_SECONDS);
    const until = Date.now() + 3 * SHORT_SECONDS * 1_000;
    while (Date.now() < until) expect(await other.acquire(destinationId)).toBeUndefined();
    expect(lost).toEqual([]);
    expect(lease.remainingMs).toBeGreaterThan(0);
  });

  it('pass on at once when they are given back, with what the receiver has told', async () => {
    const owner = newKeeper(DAY_SECONDS);
    const lease = await acquired(owner);
    lease.saw(4_711);
    await owner.stop();
    expect(lease.lost).toBe(true);
    const next = await newKeeper(DAY_SECONDS).acquire(destinationId);
    expect(next).toMatchObject({ newestMessageId: 4_711 });
    expect(Number(next?.fence)).toBeGreaterThan(Number(lease.fence));
  });

  it('run out when their owner is silent; then another one has it, and the old one learns of it', async () => {
    const silent = newKeeper(SHORT_SECONDS);
    const lease = await acquired(silent);
    const began = performance.now();
    const next = await acquired(newKeeper(DAY_SECONDS));
    expect(performance.now() - began).toBeGreaterThan(SHORT_SECONDS * 1_000 - 100);
    expect(Number(next.fence)).toBeGreaterThan(Number(lease.fence));
    expect(lease.remainingMs).toBe(0);
    const lost: Lease[] = [];
    silent.start((gone) => lost.push(gone));
    await waitUntil(() => lost.length === 1);
    expect(lost).toEqual([lease]);
    expect([silent.lost, silent.heldCount]).toEqual([1, 0]);
    await expect(silent.assure(lease, 1)).rejects.toThrow(LeaseLostError);
    await expect(silent.raiseFence(lease)).rejects.toThrow(LeaseLostError);
  });

  it('are still their owner`s when they have run out and nobody has taken them', async () => {
    const clock = new FakeClock();
    const owner = newKeeper(10, clock);
    const lease = await acquired(owner);
    clock.advance(9_000);
    expect(lease.remainingMs).toBe(1_000);
    await owner.assure(lease, 8_000);
    expect(lease.remainingMs).toBe(10_000);
    clock.advance(60_000);
    expect(lease.remainingMs).toBe(0);
    await owner.assure(lease, 8_000);
    expect(lease.remainingMs).toBe(10_000);
  });

  it('keep a request waiting while the database cannot be asked', async () => {
    const clock = new FakeClock();
    const owner = newKeeper(10, clock);
    const lease = await acquired(owner);
    clock.advance(5_000);
    await client.query('begin');
    await client.query('select from destination_leases for update');
    let isAssured = false;
    const assuring = owner.assure(lease, 8_000).then(() => (isAssured = true));
    await waitUntil(async () => {
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      const rows = await db.query({ text: waiting }, []);
      return rows.length > 0;
    });
    expect(isAssured).toBe(false);
    await client.query('commit');
    await assuring;
    expect(lease.remainingMs).toBe(10_000);
  });

  it('tell since when no heartbeat was answered', async () => {
    const clock = new FakeClock();
    const owner = newKeeper(10, clock);
    expect(owner.heartbeatAgeMs).toBeUndefined();
    owner.start(() => undefined);
    await acquired(owner);
    clock.advance(1_000);
    await waitUntil(() => owner.heartbeatAgeMs === 0);
    await client.query('begin');
    await client.query('select from destination_leases for update');
    clock.advance(1_000);
    clock.advance(11_000);
    expect(owner.heartbeatAgeMs).toBe(12_000);
    await client.query('commit');
    // The heartbeat counts from when it was asked for.
    await waitUntil(() => owner.heartbeatAgeMs === 11_000);
    await client.query(`
      create function be_away() returns trigger language plpgsql as
        $$ begin raise exception 'gone' using errcode = 'admin_shutdown'; end $$;
      create trigger away before update on destination_leases for each statement execute function be_away()`);
    const asked = clock.delays.length;
    clock.advance(1_000);
    await waitUntil(() => clock.delays.length > asked);
    expect(owner.heartbeatAgeMs).toBe(12_000);
    await client.query('drop trigger away on destination_leases');
    await owner.stop();
    expect(owner.heartbeatAgeMs).toBeUndefined();
  });

  it('count from before the database was asked, so that its answer may take its time', async () => {
    const clock = new FakeClock();
    const owner = newKeeper(10, clock);
    await client.query('begin');
    await client.query('lock table destination_leases');
    const acquiring = owner.acquire(destinationId);
    clock.advance(4_000);
    await client.query('commit');
    expect((await acquiring)?.remainingMs).toBe(6_000);
  });

  it('of a process that is alone on its own database pass to the next one at once', async () => {
    const dead = await acquired(newKeeper(DAY_SECONDS, new SystemClock(), null));
    const next = await newKeeper(DAY_SECONDS, new SystemClock(), null).acquire(destinationId);
    expect(Number(next?.fence)).toBeGreaterThan(Number(dead.fence));
  });

  describe('guard what is written:', () => {
    const writes: [string, (lease: Lease) => Promise<unknown>][] = [
      ['the beginning of an attempt', (lease) => beginAttempts(db, lease, [start()])],
      ['an end without an attempt', (lease) => endUnsent(db, lease, [end()])],
      ['what became of a doubt', (lease) => settleDoubts(db, lease, [doubt()])],
    ];
    let deliveryId: string;

    beforeEach(() => {
      deliveryId = newId(new Date());
    });

    const message = { channel: 'support', topic: 'A', content: 'B' };
    const start = (): Parameters<typeof beginAttempts>[2][number] => ({
      id: newId(new Date()),
      deliveryId,
      startedAt: new Date(),
      message,
      joinedId: null,
      joinedContent: null,
      newerThan: null,
      thread: null,
    });
    const end = (): Parameters<typeof endUnsent>[2][number] => ({
      deliveryId,
      state: 'dead',
      reason: 'render_failed',
      detail: null,
      finishedAt: new Date(),
      channel: null,
      topic: null,
    });
    const doubt = (): Parameters<typeof settleDoubts>[2][number] => ({
      deliveryId,
      attemptId: null,
      lookedUp: 'found',
      messageId: 1,
      state: 'delivered',
      at: new Date(),
      nextAttemptAt: null,
    });

    /** A delivery that waits, and is in doubt for good measure. */
    const insertDelivery = (): Promise<unknown> =>
      client.query(
        `insert into deliveries (id, event_id, source_id, route_id, destination_id, type, lane, sequence, state, in_doubt, created_at)
         values ($1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $2, 'ping', 'lane', 1, 'pending', true, now())`,
        [deliveryId, destinationId],
      );

    const written = async (): Promise<unknown> => {
      const { rows } = await client.query('select state, tries, in_doubt from deliveries');
      const attempts = await client.query('select from attempts');
      return [rows, attempts.rowCount];
    };

    it.each(writes)('%s, by who has lost it, writes nothing', async (_what, write) => {
      await insertDelivery();
      const before = await written();
      const old = await acquired(newKeeper(0));
      await acquired(newKeeper(DAY_SECONDS));
      await expect(write(old)).rejects.toThrow(LeaseLostError);
      expect(await written()).toEqual(before);
    });

    it.each(writes)('%s, by its owner, is written', async (_what, write) => {
      await insertDelivery();
      const before = await written();
      await write(await acquired(newKeeper(DAY_SECONDS)));
      expect(await written()).not.toEqual(before);
    });

    it('what was under way when the owner raised the fence comes too late', async () => {
      await insertDelivery();
      const keeper = newKeeper(DAY_SECONDS);
      const lease = await acquired(keeper);
      const fenceBefore = lease.fence;
      await keeper.raiseFence(lease);
      const { owner, destinationId: id } = lease;
      const late = { owner, destinationId: id, fence: fenceBefore } as Lease;
      await expect(beginAttempts(db, late, [start()])).rejects.toThrow(LeaseLostError);
      expect(await beginAttempts(db, lease, [start()])).toEqual([true]);
    });
  });
});
