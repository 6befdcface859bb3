import { Client } from 'pg';
import {
  lowestId,
  monthOf,
  partitionBounds,
  PARTITIONED_TABLES,
  partitionName,
} from '../../src/database/partitions.js';

type Row = Record<string, unknown>;

const SOURCE = '01890000-0000-7000-8000-000000000001';
const DESTINATION = '01890000-0000-7000-8000-000000000002';

/** A log that reaches years back, made and looked at past the gateway. */
export class OldLog {
  private constructor(readonly client: Client) {}

  static async open(url: string): Promise<OldLog> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new OldLog(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  async sql(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** A month of every table as an earlier version made it, without rows. @param month e.g. `2020-01` */
  async addMonth(month: string): Promise<void> {
    const start = new Date(`${month}-01T00:00:00Z`);
    for (const table of PARTITIONED_TABLES) {
      const name = partitionName(table, start);
      await this.sql(
        `create table ${name} (like ${table} including all);
         alter table ${table} attach partition ${name} for values ${partitionBounds(start)}`,
      );
    }
  }

  /** `count` events of a day, each delivered by one attempt, with their words. */
  async fill(day: string, count: number): Promise<void> {
    const from = idsFrom(new Date(`${day}T00:00:00Z`));
    await this.sql(
      `with n as (select $1 || lpad(to_hex(i), 12, '0') as id from generate_series(1, $2) i),
       events as (
         insert into events (id, webhook_id, source_id, outcome, received_at, raw_headers, raw_body)
         select id::uuid, id::uuid, $3, 'accepted', $5::timestamptz, '{}', 'as it came' from n
       ), deliveries as (
         insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
         select id::uuid, id::uuid, $3, $4, 'ticket.created', '', nextval('delivery_sequence'), 'delivered', $5::timestamptz
         from n
       ), event_words as (
         insert into event_words (id, words) select id::uuid, 'old'::tsvector from n
       ), delivery_words as (
         insert into delivery_words (id, words) select id::uuid, 'old'::tsvector from n
       )
       insert into attempts (id, delivery_id, number, started_at) select id::uuid, id::uuid, 1, $5::timestamptz from n`,
      [from, count, SOURCE, DESTINATION, day],
    );
  }

  /** One delivery. @param day of which it is @param eventDay of whose first event it is */
  async deliver(day: string, eventDay: string, state: string): Promise<string> {
    const id = `${idsFrom(new Date(`${day}T00:00:00Z`))}ffffffffffff`;
    await this.sql(
      `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
       values ($1, $2, $3, $4, 'ticket.created', '', nextval('delivery_sequence'), $5, $6)`,
      [id, `${idsFrom(new Date(`${eventDay}T00:00:00Z`))}000000000001`, SOURCE, DESTINATION, state, day],
    );
    return id;
  }

  /** The months before 2026 that each table has, those of its words included. */
  async months(): Promise<Record<string, string[]>> {
    const rows = await this.sql(
      `select p.relname as table, c.relname as name
       from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
       where p.relname = any ($1) and c.relname !~ '_20(2[6-9]|[3-9].)_' order by 2`,
      [PARTITIONED_TABLES],
    );
    const months: Record<string, string[]> = {};
    for (const table of PARTITIONED_TABLES) {
      const own = rows.filter((row) => row['table'] === table);
      months[table] = own.map((row) => monthOf(table, String(row['name']))?.toISOString().slice(0, 7) ?? '');
    }
    return months;
  }

  /** Tables named like partitions that are none. */
  async apart(): Promise<string[]> {
    const rows = await this.sql(
      "select relname as name from pg_class where relkind = 'r' and not relispartition and relname ~ '_[0-9]{4}_[0-9]{2}$' order by 1",
    );
    return rows.map((row) => String(row['name']));
  }

  async count(table: string): Promise<number> {
    const [row] = await this.sql(`select count(*)::int as count from ${table}`);
    return Number(row?.['count']);
  }
}

/** All but the last twelve digits of ids that begin with an instant. */
function idsFrom(instant: Date): string {
  return `${lowestId(instant).slice(0, 14)}7000-8000-`;
}
