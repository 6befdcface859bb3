import type { Database, Statement } from '../../database/database.js';

/*
 * Zulip tells neither channels nor topics apart by case. Both deliveries are of one lane, so the earlier one has ended:
 * if it is dead, this one is the event's other chance. What the same route has sent there before is what a replay is to
 * send again; what another route has sent there is enough.
 */
const FIND_SAME_PLACE: Statement = {
  name: 'find-same-place',
  text: `
    select 1
    from deliveries
    where event_id = $1
      and destination_id = $2
      and sequence < $3
      and route_id is distinct from (select mine.route_id from deliveries mine where mine.id = $6)
      and state not in ('skipped', 'cancelled', 'dead')
      and lower(channel) = lower($4)
      and lower(topic) = lower($5)
    limit 1`,
};

export interface Place {
  deliveryId: string;
  eventId: string;
  destinationId: string;
  sequence: string;
  channel: string;
  topic: string;
}

/** @returns whether an earlier delivery of the event already went to the same place */
export async function findSamePlace(db: Database, place: Place): Promise<boolean> {
  const rows = await db.query(FIND_SAME_PLACE, [
    place.eventId,
    place.destinationId,
    place.sequence,
    place.channel,
    place.topic,
    place.deliveryId,
  ]);
  return rows.length > 0;
}
