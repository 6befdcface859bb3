import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import type { DeliveryState } from '../../deliveries/delivery.js';

/** A delivery, and what keeps it from being sent again. */
export interface Replayable extends QueryResultRow {
  id: string;
  state: DeliveryState;
  type: string;
  /** Its number or key. */
  ticket: string | null;
  is_destination_deleted: boolean;
  has_event: boolean;
  /** A replay of it has not ended. */
  is_being_replayed: boolean;
}

const FIND_REPLAYABLE: Statement = {
  name: 'find-replayable',
  text: `
    select d.id, d.state, d.type, coalesce(d.ticket_number, d.ticket_key) as ticket,
           not exists (select from destinations t where t.id = d.destination_id and t.deleted_at is null)
             as is_destination_deleted,
           exists (select from events e where e.id = d.event_id and e.event is not null) as has_event,
           exists (select from deliveries r where r.replay_of = d.id and r.state in ('pending', 'sending'))
             as is_being_replayed
    from deliveries d
    where d.id = $1`,
};

export async function findReplayable(db: Queryable, id: string): Promise<Replayable | undefined> {
  const [row] = await db.query<Replayable>(FIND_REPLAYABLE, [id]);
  return row;
}
