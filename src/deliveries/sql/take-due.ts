import type { Database, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { RouteSettingsBody } from '../../routes/route.dto.js';
import { FIRST_LATE_SEQUENCE } from '../delivery.js';

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
  /** Attempts on record, those that cost nothing included. */
  tries: number;
  send_alone: boolean;
  replay_of: string | null;
  /** The trace that it belongs to; of a replay, that of what is sent again. */
  traceparent: string | null;
  event: TicketEventDocument;
  /** As the route is now, not as it was when it judged the event: a mended template helps what waits. */
  route_settings: RouteSettingsBody;
}

/** What both ways of reading the queue select. Deliveries to subscribers have no route. */
export const DUE_DELIVERY = `
    select d.id, d.event_id, d.source_id, d.ticket_key, d.lane, d.sequence, d.has_sibling, d.attempts, d.tries,
           d.send_alone, d.replay_of, d.traceparent, e.event, coalesce(r.settings, '{}') as route_settings
    from deliveries d
    join events e on e.id = d.event_id
    left join routes r on r.id = d.route_id`;

/*
 * In order of acceptance, leaving out every lane of which a delivery waits for another try or for an answer: only heads
 * are ever tried, so what waits holds its lane. Those are found by an index of their own (deliveries_waiting), which holds
 * nothing that was never tried, so the length of the queue does not matter. What is for a channel that is paused is
 * passed over by itself: its lane goes on in other channels.
 */
const IS_DUE = `d.destination_id = $1
      and d.state = 'pending'
      and d.lane not in (select unnest($3::text[]))
      and d.lane not in (
        select waiting.lane
        from deliveries waiting
        where waiting.destination_id = $1
          and waiting.state = 'pending'
          and waiting.tries > 0
          and (waiting.next_attempt_at > $2 or waiting.in_doubt)
      )
      and lower(coalesce(r.settings ->> 'channel', $4)) not in (select lower(paused) from unnest($5::text[]) paused)
      and ($6::text is null or lower(coalesce(r.settings ->> 'channel', $4)) = lower($6))`;

const TAKE_DUE: Statement = {
  name: 'take-due',
  text: `${DUE_DELIVERY}
    where ${IS_DUE}
      and d.sequence < $8
    order by d.sequence
    limit (select $7::int)`,
};

/* Of the heads of lanes the one that was tried least: what fails by its own fault must not be all that is ever tried. */
const TAKE_PROBE: Statement = {
  name: 'take-probe',
  text: `${DUE_DELIVERY}
    where d.id = (
      select head.id
      from (
        select distinct on (d.lane) d.id, d.tries, d.sequence
        from deliveries d
        left join routes r on r.id = d.route_id
        where ${IS_DUE}
        order by d.lane, d.sequence
      ) head
      order by head.tries, head.sequence
      limit 1
    )`,
};

export interface DueQuestion {
  destinationId: string;
  now: Date;
  /** Lanes that are being worked: their next deliveries wait until that is done. */
  lanesInHand: string[];
  /** The destination's own channel. */
  defaultChannel: string;
  pausedChannels: string[];
  /** Nothing but this channel's; null = any. */
  onlyChannel: string | null;
}

/**
 * @param isLiveOnly whether replays are left where they are
 * @returns at most `limit` deliveries that may be sent at `now`, in order of acceptance, replays after all others
 */
export function takeDue(
  db: Database,
  question: DueQuestion,
  limit: number,
  isLiveOnly = false,
): Promise<DueDelivery[]> {
  const before = isLiveOnly ? FIRST_LATE_SEQUENCE : Number.MAX_SAFE_INTEGER;
  return db.query<DueDelivery>(TAKE_DUE, [...values(question), limit, before]);
}

/** @returns the head of a lane, to see by it whether a pause can end */
export async function takeProbe(db: Database, question: DueQuestion): Promise<DueDelivery | undefined> {
  const [delivery] = await db.query<DueDelivery>(TAKE_PROBE, values(question));
  return delivery;
}

function values(question: DueQuestion): unknown[] {
  const { destinationId, now, lanesInHand, defaultChannel, pausedChannels, onlyChannel } = question;
  return [destinationId, now, lanesInHand, defaultChannel, pausedChannels, onlyChannel];
}
