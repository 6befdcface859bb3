import type { Client } from 'pg';
import { findMarkers } from './marker.js';
import type { LogEntry } from './verdict.js';

/** What the log counts, beside the deliveries themselves. */
export interface LogCounts {
  events: Record<string, number>;
  deliveries: Record<string, number>;
  attempts: number;
  in_doubt: number;
  looked_up: Record<string, number>;
  /** From the webhook's commit to the delivery's end. */
  slowest_delivery_s: number;
}

/** @returns how many deliveries are still to be sent */
export async function countOpen(client: Client): Promise<number> {
  const { rows } = await client.query<{ open: string }>(
    `select count(*) as open from deliveries where state in ('pending', 'sending')`,
  );
  return Number(rows[0]?.open);
}

export async function readEntries(client: Client): Promise<LogEntry[]> {
  const { rows } = await client.query<{ id: string; text: string; state: string | null; message_id: string | null }>(
    `select e.id, e.event #>> '{message,text}' as text, d.state, d.message_id
     from events e
     left join deliveries d on d.event_id = e.id
     where e.outcome = 'accepted'`,
  );
  return rows.map(({ id, text, state, message_id }) => ({
    marker: findMarkers(text)[0] ?? text,
    eventId: id,
    state,
    messageId: message_id === null ? null : Number(message_id),
  }));
}

export async function readCounts(client: Client): Promise<LogCounts> {
  const grouped = async (sql: string): Promise<Record<string, number>> => {
    const { rows } = await client.query<{ name: string; count: string }>(sql);
    return Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]));
  };
  const { rows } = await client.query<{ attempts: string; in_doubt: string; slowest: string | null }>(
    `select
       (select count(*) from attempts) as attempts,
       (select count(*) from attempts where in_doubt) as in_doubt,
       (select extract(epoch from max(finished_at - created_at)) from deliveries) as slowest`,
  );
  return {
    events: await grouped('select outcome as name, count(*) from events group by 1 order by 1'),
    deliveries: await grouped('select state as name, count(*) from deliveries group by 1 order by 1'),
    attempts: Number(rows[0]?.attempts),
    in_doubt: Number(rows[0]?.in_doubt),
    looked_up: await grouped(
      'select looked_up as name, count(*) from attempts where looked_up is not null group by 1 order by 1',
    ),
    slowest_delivery_s: Math.round(Number(rows[0]?.slowest ?? 0) * 10) / 10,
  };
}

/** @returns all that the log knows of some events, for whoever has to find out what went wrong */
export async function readStory(client: Client, eventIds: readonly string[]): Promise<object> {
  const rowsOf = async (sql: string): Promise<unknown[]> => {
    const { rows } = await client.query<{ row: unknown }>(sql, [eventIds]);
    return rows.map(({ row }) => row);
  };
  return {
    deliveries: await rowsOf('select to_jsonb(d) as row from deliveries d where event_id = any ($1) order by id'),
    attempts: await rowsOf(
      `select to_jsonb(a) as row from attempts a
       where delivery_id in (select id from deliveries where event_id = any ($1)) order by id`,
    ),
  };
}
