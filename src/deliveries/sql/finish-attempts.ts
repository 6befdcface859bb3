import type { Database, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';
import type { DeliveryState } from '../delivery.js';

/** What becomes of a topic after a message of it. */
export interface TopicNews {
  receiver: string;
  channel: string;
  topic: string;
  message_id: number;
  /** The destination whose bot is to resolve it; null leaves that as it is. */
  resolve_by: string | null;
}

export interface AttemptEnd {
  id: string;
  deliveryId: string;
  durationMs: number;
  outcome: 'sent' | 'retry' | 'rejected';
  reason: string | null;
  httpStatus: number | null;
  response: string | null;
  /** Why the delivery is dead, in the receiver's words. */
  detail: string | null;
  messageId: number | null;
  /** Whether it may have arrived all the same. */
  inDoubt: boolean;
  /** Whether the receiver is to be asked for it before anything else. */
  isToLookUp: boolean;
  state: DeliveryState;
  costsAttempt: boolean;
  /** From now on never as part of a joined message. */
  sendAlone: boolean;
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
  topic: TopicNews | null;
}

/*
 * The attempt's id is its own fence: once another owner has taken the delivery up, its latest attempt is another one, or
 * it is not `sending` any more. Of what comes late only an arrival counts: it ends the doubt that the other owner has,
 * and never does away with a message that was found. What is written again, because the answer to the first time was
 * lost, changes nothing and is not counted. Rows are found by their ids alone: see begin-attempts.
 */
const FINISH_ATTEMPTS: Statement = {
  name: 'finish-attempts',
  text: `
    with ended as (
      select *, case when state = 'delivered' then '{sending,pending}' else '{sending}' end::text[] as from_states
      from jsonb_to_recordset($1::jsonb) as f (id uuid, delivery_id uuid, duration_ms int, outcome text, reason text,
           http_status int, response text, detail text, message_id bigint, in_doubt boolean, is_to_look_up boolean, state text, costs_attempt boolean,
           send_alone boolean, next_attempt_at timestamptz, finished_at timestamptz)
    ), attempt as (
      update attempts a
      set duration_ms = f.duration_ms, outcome = f.outcome, reason = f.reason, http_status = f.http_status,
          response = f.response, message_id = f.message_id, in_doubt = f.in_doubt
      from ended f
      where a.id = f.id and a.id = any ($3::uuid[]) and (a.outcome is null or f.outcome = 'sent')
        and a.duration_ms is null
      returning $5::uuid as destination_id, a.duration_ms,
                a.started_at + make_interval(secs => a.duration_ms / 1000.0) as ended_at
    ), topic as (
      update topics t
      set message_id = n.message_id, resolve_by = coalesce(n.resolve_by, t.resolve_by)
      from jsonb_to_recordset($2::jsonb) as n (receiver text, channel text, topic text, message_id bigint, resolve_by uuid)
      where t.receiver = n.receiver and t.channel = n.channel and t.topic = n.topic
    ), delivery as (
      update deliveries d
      set state = f.state,
          attempts = d.attempts + case when f.costs_attempt and d.state = 'sending' then 1 else 0 end,
          next_attempt_at = f.next_attempt_at,
          finished_at = f.finished_at,
          message_id = f.message_id,
          reason = f.reason,
          detail = coalesce(f.detail, d.detail),
          in_doubt = f.is_to_look_up,
          send_alone = d.send_alone or f.send_alone
      from ended f
      where d.id = f.delivery_id and d.id = any ($4::uuid[]) and d.attempt_id = f.id
        and d.state = any (f.from_states)
      returning d.destination_id, d.source_id, d.route_id, d.state, d.reason, d.created_at, d.finished_at
    ), ${summariseEnded({ deliveries: 'delivery', attempts: 'attempt' })}
    select count(*)::int as count
    from delivery`,
};

/**
 * Records what attempts came to and what becomes of their deliveries, in one commit.
 *
 * @param destinationId that all of them were for
 */
export async function finishAttempts(db: Database, destinationId: string, ends: readonly AttemptEnd[]): Promise<void> {
  await db.query(FINISH_ATTEMPTS, [
    JSON.stringify(ends.map(endRow)),
    JSON.stringify(latestNews(ends)),
    ends.map((end) => end.id),
    ends.map((end) => end.deliveryId),
    destinationId,
  ]);
}

/** One row a topic: an update takes any of several. */
function latestNews(ends: readonly AttemptEnd[]): TopicNews[] {
  const latest = new Map<string, TopicNews>();
  for (const { topic } of ends) {
    if (!topic) continue;
    const key = JSON.stringify([topic.receiver, topic.channel, topic.topic]);
    const known = latest.get(key);
    latest.set(key, { ...topic, resolve_by: topic.resolve_by ?? known?.resolve_by ?? null });
  }
  return [...latest.values()];
}

function endRow(end: AttemptEnd): object {
  return {
    id: end.id,
    delivery_id: end.deliveryId,
    duration_ms: end.durationMs,
    outcome: end.outcome,
    reason: end.reason,
    http_status: end.httpStatus,
    response: end.response,
    detail: end.detail,
    message_id: end.messageId,
    in_doubt: end.inDoubt,
    is_to_look_up: end.isToLookUp,
    state: end.state,
    costs_attempt: end.costsAttempt,
    send_alone: end.sendAlone,
    next_attempt_at: end.nextAttemptAt,
    finished_at: end.finishedAt,
  };
}
