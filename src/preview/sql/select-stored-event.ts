import type { Queryable, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** A webhook's event as the log has it; without the event itself where none could be made of the webhook. */
export interface StoredEvent {
  outcome: string;
  native_type: string | null;
  event: TicketEventDocument | null;
  reason: string | null;
  detail: string | null;
}

const SELECT_STORED_EVENT: Statement = {
  name: 'select-stored-event',
  text: 'select outcome, native_type, event, reason, detail from events where id = $1',
};

export async function selectStoredEvent(db: Queryable, id: string): Promise<StoredEvent | undefined> {
  const [row] = await db.query<StoredEvent>(SELECT_STORED_EVENT, [id]);
  return row;
}
