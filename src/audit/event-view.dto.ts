import { ApiProperty } from '@nestjs/swagger';
import { TICKET_EVENT_TYPES, type TicketEventType } from '../ticket-event/ticket-event.js';

export class EventSourceView {
  id!: string;
  /** @example 'groove' */
  provider!: string;
  /**
   * As it was called then.
   * @example 'Groove EU'
   */
  name!: string;
}

export class EventPersonView {
  /** @example 'cust_51' */
  id?: string;
  /** @example 'Grace Hopper' */
  name?: string;
  /** @example 'grace@example.com' */
  email?: string;
}

export class EventActorView extends EventPersonView {
  kind!: 'agent' | 'customer' | 'system' | 'unknown';
}

export class EventTermView {
  /**
   * As the helpdesk spells it.
   * @example 'Urgent'
   */
  native!: string;
  /**
   * The same in words that all helpdesks share, where there is one.
   * @example 'urgent'
   */
  normal?: string;
}

export class EventTicketView {
  /**
   * The same in every event of the ticket.
   * @example '9'
   */
  key!: string;
  /** @example '9' */
  number?: string;
  /** @example 'The printer is on fire' */
  title?: string;
  /** @example 'https://helpdesk.example.com/tickets/9' */
  url?: string;
  status?: EventTermView;
  priority?: EventTermView;
  /** @example 'Support' */
  group?: string;
  /** @example 'hardware' */
  category?: string;
  /** @example 'zendesk' */
  platform?: string;
  assignee?: EventPersonView;
  requester?: EventPersonView;
  /** @example ['vip'] */
  tags!: string[];
  /**
   * The helpdesk's own fields.
   * @example { "Order number": "A-17" }
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  custom!: Record<string, string>;
}

export class EventMessageView {
  /** @example 'msg_1024' */
  id?: string;
  /**
   * Markdown where the helpdesk sent HTML.
   * @example 'It is **still** on fire.'
   */
  text!: string;
  /** Whether customers do not see it. */
  is_internal!: boolean;
}

export class EventChangeView {
  /** @example 'status' */
  field!: string;
  /** @example 'Open' */
  from?: string;
  /** @example 'Solved' */
  to?: string;
}

/** What is known of an event only where one could be made of the webhook. */
export class TicketEventView {
  @ApiProperty({ enum: TICKET_EVENT_TYPES })
  type?: TicketEventType;
  /**
   * When it happened, as the helpdesk says; else when it came.
   * @example '2026-03-01T09:29:58.000Z'
   */
  occurred_at?: string;
  /**
   * What makes two webhooks the same event.
   * @example '6f2a…#0'
   */
  deduplication_key?: string;
  ticket?: EventTicketView;
  /** Whom the event is about, where that is a person. */
  person?: EventPersonView;
  actor?: EventActorView;
  message?: EventMessageView;
  changes?: EventChangeView[];
}
