import type { Database, Statement } from '../../database/database.js';
import type { ComposedMessage } from '../../notifiers/notifier.js';
import { type Lease, LeaseLostError } from '../leases/lease.js';

/** A thread and its topic, as the first message of a ticket chooses them. */
export interface NewThread {
  /** In lower case. */
  channel: string;
  source_id: string;
  ticket_key: string;
  template: string;
  topic: string;
  receiver: string;
  /** The topic in lower case. */
  topic_key: string;
}

export interface AttemptStart {
  id: string;
  deliveryId: string;
  startedAt: Date;
  /** The delivery's own content, also where it travels in a joined message. */
  message: ComposedMessage;
  /** The leading attempt of a joined message. */
  joinedId: string | null;
  /** What a joined message says in all; on its leading attempt only. */
  joinedContent: string | null;
  newerThan: number | null;
  thread: NewThread | null;
}

/*
 * Before the send, in one commit: after a crash the log knows what may have gone out. The lease's row is locked, so that
 * whoever takes the destination over afterwards sees what was begun, and who has lost it begins nothing. A delivery that
 * is not pending any more (cancelled meanwhile) is not begun. A thread and a topic that are there already stay.
 *
 * Deliveries are found by a list of their ids alone, whatever the planner believes of the tables: by a range, a retry would
 * be found among all that came since; by a state that is a constant, in the index of all that waits (deliveries_queue).
 */
const BEGIN_ATTEMPTS: Statement = {
  name: 'begin-attempts',
  text: `
    with lease as (
      select 'pending' as due
      from destination_leases
      where destination_id = $1 and owner = $2 and fence = $3
      for share
    ), begun as (
      update deliveries d
      set state = 'sending', tries = d.tries + 1, channel = s.channel, topic = s.topic, content = s.content,
          attempt_id = s.id, reason = null, detail = null
      from jsonb_to_recordset($4::jsonb) as s (id uuid, delivery_id uuid, started_at timestamptz, channel text,
           topic text, content text, joined_id uuid, joined_content text, newer_than bigint), lease
      where d.id = s.delivery_id and d.id = any ($6::uuid[]) and d.state = lease.due
      returning s.id, s.delivery_id, d.tries, s.started_at, s.joined_id, s.joined_content, s.newer_than
    ), recorded as (
      insert into attempts (id, delivery_id, number, started_at, joined_id, content, newer_than)
      select id, delivery_id, tries, started_at, joined_id, joined_content, newer_than
      from begun
    ), thread as (
      select t.*
      from jsonb_to_recordset($5::jsonb) as t (channel text, source_id uuid, ticket_key text, template text, topic text,
           receiver text, topic_key text, at timestamptz), lease
    ), saved_threads as (
      insert into threads (destination_id, channel, source_id, ticket_key, template, topic, created_at)
      select $1, channel, source_id, ticket_key, template, topic, at
      from thread
      on conflict do nothing
    ), saved_topics as (
      insert into topics as known (receiver, channel, topic, name, source_id, ticket_key, is_shared, checked_at)
      select receiver, channel, topic_key, (array_agg(topic))[1], (array_agg(source_id))[1], (array_agg(ticket_key))[1],
             count(distinct (source_id, ticket_key)) > 1, max(at)
      from thread
      group by receiver, channel, topic_key
      on conflict (receiver, channel, topic) do update
      set is_shared = true
      where (known.source_id, known.ticket_key) is distinct from (excluded.source_id, excluded.ticket_key)
    )
    select (select count(*)::int from lease) as leases, array(select delivery_id from begun) as begun`,
};

/**
 * @returns for each attempt whether its delivery may be sent: it was still pending, and is now `sending`
 * @throws LeaseLostError when another process owns the destination; nothing is written then
 */
export async function beginAttempts(db: Database, lease: Lease, starts: readonly AttemptStart[]): Promise<boolean[]> {
  const [row] = await db.query<{ leases: number; begun: string[] }>(BEGIN_ATTEMPTS, [
    lease.destinationId,
    lease.owner,
    lease.fence,
    JSON.stringify(starts.map(attemptRow)),
    JSON.stringify(starts.flatMap(({ thread, startedAt }) => (thread ? [{ ...thread, at: startedAt }] : []))),
    starts.map((start) => start.deliveryId),
  ]);
  if (!row || row.leases === 0) throw new LeaseLostError(lease.destinationId);
  const begun = new Set(row.begun);
  return starts.map((start) => begun.has(start.deliveryId));
}

function attemptRow(start: AttemptStart): object {
  return {
    id: start.id,
    delivery_id: start.deliveryId,
    started_at: start.startedAt,
    ...start.message,
    joined_id: start.joinedId,
    joined_content: start.joinedContent,
    newer_than: start.newerThan,
  };
}
