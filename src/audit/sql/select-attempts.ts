import type { Queryable } from '../../database/database.js';

/** An attempt as it is stored. `outcome` is null while it lasts. */
export interface AttemptRow {
  id: string;
  delivery_id: string;
  number: number;
  started_at: Date;
  duration_ms: number | null;
  outcome: 'sent' | 'retry' | 'rejected' | null;
  reason: string | null;
  http_status: number | null;
  response: string | null;
  /** bigint, which the driver hands over as text. */
  message_id: string | null;
  in_doubt: boolean;
  /** What asking the receiver for an attempt in doubt came to; null where it was not asked. */
  looked_up: 'found' | 'absent' | 'not_allowed' | 'failed' | null;
  /** The same for all attempts that one joined message was; null for a message of its own. */
  joined_id: string | null;
}

/** First to last. */
export function selectAttempts(db: Queryable, deliveryId: string): Promise<AttemptRow[]> {
  const text = `
    select id, delivery_id, number, started_at, duration_ms, outcome, reason, http_status, response, message_id, in_doubt,
           looked_up, joined_id
    from attempts
    where delivery_id = $1
    order by number`;
  return db.query<AttemptRow>({ name: 'select-attempts', text }, [deliveryId]);
}
