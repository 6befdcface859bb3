import { Client } from 'pg';
import { newId } from '../../src/clock/new-id.js';
import { Database } from '../../src/database/database.js';
import { BacklogService } from '../../src/statistics/backlog.service.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

const DELIVERIES = 20_000;
/** Where replays begin. */
const FAR_BEHIND = 2 ** 52;

describe('the backlog', () => {
  let database: TestDatabase;
  let client: Client;
  let db: Database;
  const now = new Date();
  const [busy, quiet] = [newId(now), newId(now)];

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    db = new Database(database.url, 1);
    for (const id of [busy, quiet]) {
      await sql(`insert into destinations (id, name, kind, secrets) values ($1::uuid, $1::uuid, 'webhook', '')`, [id]);
    }
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const sql = async (text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(text, values)).rows;
  const add = (destinationId: string, state: string, sequence: number, at: Date): Promise<unknown> =>
    sql(
      `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
       values ($1, $1, $1, $2, 'ticket.created', 'x', $3, $4, $5)`,
      [newId(now), destinationId, sequence, state, at],
    );
  /** Of the month's deliveries. */
  const scans = async (): Promise<Row> => {
    const [row] = await sql(
      `select relname, seq_scan::int as whole, idx_scan::int as by_index from pg_stat_user_tables
       where relname = 'deliveries_' || to_char($1::timestamptz at time zone 'UTC', 'YYYY_MM')`,
      [now],
    );
    return row ?? {};
  };

  it('is counted by what waits, the oldest by its time, without reading the log', async () => {
    // As after a night on which all waited, and of which the planner still dreams.
    const { relname: table } = await scans();
    await sql(`alter table ${String(table)} set (autovacuum_enabled = off)`);
    await sql(
      `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
       select overlay($1::text placing lpad(to_hex(g), 12, '0') from 25)::uuid, $1::uuid, $1::uuid, $2,
              'ticket.created', 'x', g, 'pending', $3
       from generate_series(1, $4::int) g`,
      [newId(now), busy, now, DELIVERIES],
    );
    await sql('analyze deliveries');
    await sql(`update deliveries set state = 'delivered'`);
    const [earlier, later] = [new Date(now.getTime() - 2_000), new Date(now.getTime() - 1_000)];
    await add(busy, 'pending', FAR_BEHIND, earlier);
    await add(busy, 'pending', DELIVERIES + 1, later);
    await add(busy, 'sending', DELIVERIES + 2, new Date(0));
    await add(quiet, 'sending', DELIVERIES + 3, now);
    await sql(`insert into pauses (destination_id, channel, reason, settings_hash, since, next_probe_at)
               values ('${busy}', 'one channel', 'not_found', '', now(), now()), ('${quiet}', '', 'auth', '', now(), now())`);

    await sql('select pg_stat_force_next_flush()');
    const before = await scans();
    const backlog = await new BacklogService(db).read();
    expect(backlog).toEqual({
      pending: 2,
      sending: 2,
      oldest_pending_at: earlier,
      by_destination: [
        { destination_id: busy, name: busy, pending: 2, sending: 1, oldest_pending_at: earlier, paused: false },
        { destination_id: quiet, name: quiet, pending: 0, sending: 1, oldest_pending_at: null, paused: true },
      ],
    });
    // A connection tells what it has read when it ends.
    await db.close();
    const after = await waitUntil(async () => {
      const seen = await scans();
      return Number(seen['by_index']) > Number(before['by_index']) && seen;
    });
    expect(after['whole']).toBe(before['whole']);
  });
});
