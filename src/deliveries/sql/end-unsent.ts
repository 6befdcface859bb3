import type { Database, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';
import { type Lease, LeaseLostError } from '../leases/lease.js';

export interface UnsentEnd {
  deliveryId: string;
  state: 'skipped' | 'dead';
  reason: string;
  detail: string | null;
  finishedAt: Date;
  channel: string | null;
  topic: string | null;
}

/* Rows are found by their ids alone: see begin-attempts. */
const END_UNSENT: Statement = {
  name: 'end-unsent',
  text: `
    with lease as (
      select 'pending' as due
      from destination_leases
      where destination_id = $1 and owner = $2 and fence = $3
      for share
    ), ended as (
      update deliveries d
      set state = e.state, reason = e.reason, detail = e.detail, finished_at = e.finished_at, next_attempt_at = null,
          channel = coalesce(e.channel, d.channel), topic = coalesce(e.topic, d.topic)
      from jsonb_to_recordset($4::jsonb) as e (delivery_id uuid, state text, reason text, detail text,
           finished_at timestamptz, channel text, topic text), lease
      where d.id = e.delivery_id and d.id = any ($5::uuid[]) and d.state = lease.due
      returning d.destination_id, d.source_id, d.route_id, d.state, d.reason, d.created_at, d.finished_at
    ), ${summariseEnded({ deliveries: 'ended' })}
    select count(*)::int as leases
    from lease`,
};

/**
 * Ends deliveries without an attempt: nothing to say, or nothing that can be rendered.
 *
 * @throws LeaseLostError when another process owns the destination
 */
export async function endUnsent(db: Database, lease: Lease, ends: readonly UnsentEnd[]): Promise<void> {
  const rows = ends.map((end) => ({
    delivery_id: end.deliveryId,
    state: end.state,
    reason: end.reason,
    detail: end.detail,
    finished_at: end.finishedAt,
    channel: end.channel,
    topic: end.topic,
  }));
  const [row] = await db.query<{ leases: number }>(END_UNSENT, [
    lease.destinationId,
    lease.owner,
    lease.fence,
    JSON.stringify(rows),
    ends.map((end) => end.deliveryId),
  ]);
  if (row?.leases !== 1) throw new LeaseLostError(lease.destinationId);
}
