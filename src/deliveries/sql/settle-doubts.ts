import type { Database, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';
import { type Lease, LeaseLostError } from '../leases/lease.js';

/** What asking the receiver came to, for one delivery. */
export interface SettledDoubt {
  deliveryId: string;
  attemptId: string | null;
  /** `open`: it could not be asked, and is asked again at `nextAttemptAt`. */
  lookedUp: 'found' | 'absent' | 'not_allowed' | 'failed' | 'open';
  messageId: number | null;
  state: 'delivered' | 'pending' | 'dead';
  at: Date;
  nextAttemptAt: Date | null;
}

/* Rows are found by their ids alone: see begin-attempts. */
const SETTLE_DOUBTS: Statement = {
  name: 'settle-doubts',
  text: `
    with lease as (
      select 1
      from destination_leases
      where destination_id = $1 and owner = $2 and fence = $3
      for share
    ), settled as (
      select s.*, 'pending' as due
      from jsonb_to_recordset($4::jsonb) as s (delivery_id uuid, attempt_id uuid, looked_up text, message_id bigint,
           state text, at timestamptz, next_attempt_at timestamptz), lease
    ), attempt as (
      update attempts a
      set looked_up = s.looked_up, message_id = coalesce(s.message_id, a.message_id),
          outcome = case when s.looked_up = 'found' then 'sent' else a.outcome end
      from settled s
      where a.id = s.attempt_id and a.id = any ($6::uuid[]) and s.looked_up <> 'open'
    ), delivery as (
      update deliveries d
      set state = s.state, message_id = s.message_id, next_attempt_at = s.next_attempt_at,
          in_doubt = s.looked_up = 'open',
          finished_at = case when s.state = 'pending' then null else s.at end,
          reason = case when s.state = 'delivered' then null else d.reason end
      from settled s
      where d.id = s.delivery_id and d.id = any ($5::uuid[]) and d.state = s.due and d.in_doubt
      returning d.destination_id, d.source_id, d.route_id, d.state, d.reason, d.created_at, d.finished_at
    ), ${summariseEnded({ deliveries: 'delivery' })}
    select count(*)::int as leases
    from lease`,
};

/**
 * Writes what became of attempts in doubt, in one commit.
 *
 * @throws LeaseLostError when another process owns the destination
 */
export async function settleDoubts(db: Database, lease: Lease, doubts: readonly SettledDoubt[]): Promise<void> {
  const rows = doubts.map((doubt) => ({
    delivery_id: doubt.deliveryId,
    attempt_id: doubt.attemptId,
    looked_up: doubt.lookedUp,
    message_id: doubt.messageId,
    state: doubt.state,
    at: doubt.at,
    next_attempt_at: doubt.nextAttemptAt,
  }));
  const [row] = await db.query<{ leases: number }>(SETTLE_DOUBTS, [
    lease.destinationId,
    lease.owner,
    lease.fence,
    JSON.stringify(rows),
    doubts.map((doubt) => doubt.deliveryId),
    doubts.map((doubt) => doubt.attemptId),
  ]);
  if (row?.leases !== 1) throw new LeaseLostError(lease.destinationId);
}
