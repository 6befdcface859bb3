import { IsIn, IsInt, Max, Min } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';
import { PageQuery } from '../http/page.js';
import type { NormalPriority } from '../ticket-event/ticket-event.js';
import { type DeskTicketRow, TICKET_STATUSES } from './desk-ticket.js';
import { IsTicketMessage } from './ticket-message.js';

const LARGEST_VERSION = 2_147_483_647;

export class OpenTicketBody {
  /**
   * At most 65,536 bytes of UTF-8; no control characters but tabs and line ends.
   * @example 'The printer is on fire.'
   */
  @IsTicketMessage()
  ticket_message!: string;
}

export class UpdateTicketBody extends OpenTicketBody {
  /**
   * Of the ticket that is to be changed: another one is a 409. `If-Match` does the same with a 412.
   * @example 3
   */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(LARGEST_VERSION)
  version?: number;
}

export class TicketsQuery extends PageQuery {
  /** With this status. */
  @OptionalField()
  @IsIn(TICKET_STATUSES)
  status?: (typeof TICKET_STATUSES)[number];
}

/** A ticket of the store, whichever endpoint opened it. */
export class TicketView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  id!: string;
  /** @example 'The printer is on fire.' */
  ticket_message!: string;
  /**
   * Of a ticket of the desk's own: the first line of the message that it was opened with.
   * @example 'The printer is on fire.'
   */
  title!: string;
  /**
   * `new` or `closed`.
   * @example 'new'
   */
  status!: string;
  /** @example 'general' */
  category!: string;
  priority!: NormalPriority;
  /**
   * Empty where nobody is named.
   * @example 'user-51'
   */
  user_id!: string;
  /** @example 'grace@example.com' */
  user_email!: string;
  /**
   * In whose name its events happen.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4'
   */
  source_id!: string;
  /**
   * Grows with every change; the ETag holds it too.
   * @example 3
   */
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
