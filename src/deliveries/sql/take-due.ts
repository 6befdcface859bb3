import type { Database, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { RouteSettingsBody } from '../../routes/route.dto.js';

/** A delivery that may be sent now, with what rendering it takes. */
export interface DueDelivery {
  id: string;
  event_id: string;
  source_id: string;
  ticket_key: string | null;
  lane: string;
  sequence: string;
  has_sibling: boolean;
  attempts: number;
  tries: number;
  event: TicketEventDocument;
  /** As the route is now, not as it was when it judged the event: a mended template helps what waits. */
  route_settings: RouteSettingsBody;
}

/*
 * In order of acceptance, leaving out every lane that waits for a retry: only heads are ever tried, so a row that waits is
 * the head of its lane, and holds it. The partial index holds nothing but the queue, so the log's size does not matter:
 * about 10 ms for 100 rows out of a queue of 10,000 beside 500,000 finished deliveries. `not in` is one hashed look-up a row;
 * an anti-join by `not exists` compared every row with every waiting head (measured: 160 ms with 500 of them).
 */
const TAKE_DUE: Statement = {
  name: 'take-due',
  text: `
    select d.id, d.event_id, d.source_id, d.ticket_key, d.lane, d.sequence, d.has_sibling, d.attempts, d.tries,
           e.event, r.settings as route_settings
    from deliveries d
    join events e on e.id = d.event_id
    join routes r on r.id = d.route_id
    where d.destination_id = $1
      and d.state = 'pending'
      and d.lane <> all ($4::text[])
      and d.lane not in (
        select waiting.lane
        from deliveries waiting
        where waiting.destination_id = $1
          and waiting.state in ('pending', 'sending')
          and (waiting.next_attempt_at > $2 or waiting.state = 'sending')
      )
    order by d.sequence
    limit $3`,
};

/**
 * @param lanesInHand lanes that are being worked: their next deliveries wait until that is done
 * @returns at most `limit` deliveries of a destination that may be sent at `now`, in order of acceptance
 */
export function takeDue(
  db: Database,
  destinationId: string,
  now: Date,
  limit: number,
  lanesInHand: string[],
): Promise<DueDelivery[]> {
  return db.query<DueDelivery>(TAKE_DUE, [destinationId, now, limit, lanesInHand]);
}
