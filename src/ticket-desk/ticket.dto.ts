import { IsIn, IsInt, Max, Min } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';
import { PageQuery } from '../http/page.js';
import type { NormalPriority } from '../ticket-event/ticket-event.js';
import { type DeskTicketRow, TICKET_STATUSES } from './desk-ticket.js';
import { IsTicketMessage } from './ticket-message.js';

const LARGEST_VERSION = 2_147_483_647;

export class OpenTicketBody {
  /** At most 65,536 bytes of UTF-8; no control characters but tabs and line ends. */
  @IsTicketMessage()
  ticket_message!: string;
}

export class UpdateTicketBody extends OpenTicketBody {
  /** Of the ticket that is to be changed: another one is a 409. `If-Match` does the same with a 412. */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(LARGEST_VERSION)
  version?: number;
}

export class TicketsQuery extends PageQuery {
  @OptionalField()
  @IsIn(TICKET_STATUSES)
  status?: (typeof TICKET_STATUSES)[number];
}

/** A ticket of the store, whichever endpoint opened it. */
export class TicketView {
  id!: string;
  ticket_message!: string;
  /** Of a ticket of the desk's own: the first line of the message that it was opened with. */
  title!: string;
  /** `new` or `closed` */
  status!: string;
  category!: string;
  priority!: NormalPriority;
  /** Empty where nobody is named. */
  user_id!: string;
  user_email!: string;
  /** In whose name its events happen. */
  source_id!: string;
  /** Grows with every change; the ETag holds it too. */
  version!: number;
  created_at!: Date;
  updated_at!: Date;
  closed_at!: Date | null;
}

export class TicketAnswer {
  data!: TicketView;
}

export function toTicketView(row: DeskTicketRow): TicketView {
  return {
    id: row.id,
    ticket_message: row.description,
    title: row.title,
    status: row.status,
    category: row.category,
    priority: row.priority,
    user_id: row.user_id,
    user_email: row.user_email,
    source_id: row.source_id,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    closed_at: row.closed_at,
  };
}
