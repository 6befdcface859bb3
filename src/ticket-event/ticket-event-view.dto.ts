import type { TicketEventDocument } from './ticket-event-document.js';
import type { NormalPriority, NormalStatus, TicketEventType } from './ticket-event.js';

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
  /** @example 'customer' */
  kind!: 'agent' | 'customer' | 'system' | 'unknown';
}

export class EventStatusView {
  /**
   * As the helpdesk spells it.
   * @example 'Waiting for customer'
   */
  native!: string;
  /**
   * The same in words that all helpdesks share, where there is one.
   * @example 'pending'
   */
  normal?: NormalStatus;
}

export class EventPriorityView {
  /**
   * As the helpdesk spells it.
   * @example 'P1'
   */
  native!: string;
  /**
   * The same in words that all helpdesks share, where there is one.
   * @example 'urgent'
   */
  normal?: NormalPriority;
}

export class EventTicketView {
  /**
   * The same in every event of the ticket.
   * @example '9'
   */
  key!: string;
  /**
   * What people call it, without `#`.
   * @example '9'
   */
  number?: string;
  /** @example 'The printer is on fire' */
  title?: string;
  /**
   * Where an agent opens it.
   * @example 'https://helpdesk.example.com/tickets/9'
   */
  url?: string;
  status?: EventStatusView;
  priority?: EventPriorityView;
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

/** A TicketEvent as the API answers it. */
export class TicketEventView implements TicketEventDocument {
  id!: string;
  /** @example 'ticket.created' */
  type!: TicketEventType;
  /**
   * As the helpdesk calls it.
   * @example 'ticket_started'
   */
  native_type!: string;
  source!: EventSourceView;
  /**
   * When it happened, as the helpdesk says; else when it came.
   * @example '2026-03-01T09:29:58.000Z'
   */
  occurred_at!: string;
  /** @example '2026-03-01T09:30:00.000Z' */
  received_at!: string;
  /**
   * What makes two webhooks the same event.
   * @example '6f2a…#0'
   */
  deduplication_key!: string;
  ticket?: EventTicketView;
  /** Whom the event is about, where that is a person. */
  person?: EventPersonView;
  actor?: EventActorView;
  message?: EventMessageView;
  changes!: EventChangeView[];
}
