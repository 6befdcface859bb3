import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import type { DeliveryState } from '../../deliveries/delivery.js';

/** As much of a delivery as the record of changes says of it. */
export interface LockedDelivery extends QueryResultRow {
  id: string;
  state: DeliveryState;
  type: string;
  /** Its number or key. */
  ticket: string | null;
  attempts: number;
  reason: string | null;
  in_doubt: boolean;
}

const LOCK_DELIVERY: Statement = {
  name: 'lock-delivery',
  text: `
    select d.id, d.state, d.type, coalesce(d.ticket_number, d.ticket_key) as ticket, d.attempts, d.reason, d.in_doubt
    from deliveries d
    where d.id = $1
    for update`,
};

/** @returns a delivery as it is, and stays until the transaction ends */
export async function lockDelivery(db: Queryable, id: string): Promise<LockedDelivery | undefined> {
  const [row] = await db.query<LockedDelivery>(LOCK_DELIVERY, [id]);
  return row;
}
