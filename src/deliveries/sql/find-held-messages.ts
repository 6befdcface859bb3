import type { Database, Statement } from '../../database/database.js';
import { lowestId } from '../../database/partitions.js';

/** A message may have been claimed by an attempt that began so much earlier: its request took long, or was looked up late. */
const EARLIER_MS = 86_400_000;

/*
 * Over all destinations of the same Zulip organisation: ids are its, not the bot's. Attempts are read by a range of their
 * ids, which begin with the time, so that only the recent ones are looked at. Whose organisation's an attempt was is not
 * known once its delivery has been removed: then its message counts as held, since two equal messages are better than none.
 */
const FIND_HELD_MESSAGES: Statement = {
  name: 'find-held-messages',
  text: `
    select distinct a.message_id
    from attempts a
    left join deliveries d on d.id = a.delivery_id
    left join destinations other on other.id = d.destination_id
    join destinations mine on mine.id = $1
    where a.id >= $2
      and a.message_id = any ($3::bigint[])
      and coalesce(a.joined_id, a.id) <> $4
      and (d.id is null
           or lower(rtrim(other.settings ->> 'site', '/')) is not distinct from lower(rtrim(mine.settings ->> 'site', '/')))`,
};

export interface DoubtfulAttempt {
  /** The leading attempt's, where the message was a joined one. What it holds itself is its own: its answer came late. */
  id: string;
  startedAt: Date;
}

/** @returns which of the messages are already known to be another attempt's */
export async function findHeldMessages(
  db: Database,
  destinationId: string,
  attempt: DoubtfulAttempt,
  messageIds: readonly number[],
): Promise<Set<number>> {
  const from = lowestId(new Date(attempt.startedAt.getTime() - EARLIER_MS));
  const rows = await db.query<{ message_id: string }>(FIND_HELD_MESSAGES, [
    destinationId,
    from,
    messageIds,
    attempt.id,
  ]);
  return new Set(rows.map((row) => Number(row.message_id)));
}
