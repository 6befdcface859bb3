import type { Database, Statement } from '../../database/database.js';
import type { ComposedMessage } from '../../notifiers/notifier.js';

export interface AttemptStart {
  id: string;
  deliveryId: string;
  startedAt: Date;
  message: ComposedMessage;
}

/*
 * Before the send, in one commit: after a crash the log knows what may have gone out. A delivery that is not pending
 * any more (cancelled meanwhile) is not sent: no row comes back.
 */
const BEGIN_ATTEMPT: Statement = {
  name: 'begin-attempt',
  text: `
    with delivery as (
      update deliveries
      set state = 'sending', tries = tries + 1, channel = $4, topic = $5, content = $6, reason = null, detail = null
      where id = $2 and state = 'pending'
      returning tries
    )
    insert into attempts (id, delivery_id, number, started_at)
    select $1, $2, tries, $3
    from delivery
    returning number`,
};

/** @returns whether the delivery may be sent: it was still pending, and is now `sending` with its attempt on record */
export async function beginAttempt(db: Database, start: AttemptStart): Promise<boolean> {
  const rows = await db.query(BEGIN_ATTEMPT, [
    start.id,
    start.deliveryId,
    start.startedAt,
    start.message.channel,
    start.message.topic,
    start.message.content,
  ]);
  return rows.length === 1;
}
