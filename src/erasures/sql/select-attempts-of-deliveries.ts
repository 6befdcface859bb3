import { ERASED } from '../../changes/refer-to-people.js';
import type { Queryable, Statement } from '../../database/database.js';

/** An attempt at a delivery that is erased, or the leading one of a message that carried it. */
export interface LoggedAttempt {
  id: string;
  delivery_id: string;
  message_id: string | null;
  joined_id: string | null;
  outcome: 'sent' | 'retry' | 'rejected' | null;
  in_doubt: boolean;
  looked_up: string | null;
  /** Whether it has a message to erase: of its own delivery alone, that is in the delivery. */
  has_content: boolean;
  /** What the receiver said; null also once it is erased. */
  response: string | null;
}

/* A joined message is kept with its leading attempt, which may be another delivery's. */
const SELECT_ATTEMPTS: Statement = {
  name: 'select-logged-attempts',
  text: `
    with own as (
      select id, joined_id
      from attempts
      where delivery_id = any ($1::uuid[]) and id >= $2
    )
    select a.id, a.delivery_id, a.message_id, a.joined_id, a.outcome, a.in_doubt, a.looked_up,
           coalesce(a.content <> $3, false) as has_content, nullif(a.response, $3) as response
    from attempts a
    where a.id = any (array(select id from own union select joined_id from own where joined_id is not null))
    order by a.id`,
};

/** @param from the lowest id that any of them can have */
export function selectAttemptsOfDeliveries(
  db: Queryable,
  deliveryIds: readonly string[],
  from: string,
): Promise<LoggedAttempt[]> {
  return db.query<LoggedAttempt>(SELECT_ATTEMPTS, [deliveryIds, from, ERASED]);
}
