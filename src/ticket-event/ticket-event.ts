/** Every kind of thing that a helpdesk can tell us, under one name for all providers. */
export const TICKET_EVENT_TYPES = [
  'ticket.created',
  'ticket.opened',
  'ticket.closed',
  'ticket.assigned',
  'ticket.status_changed',
  'ticket.priority_changed',
  'ticket.group_changed',
  'ticket.moved',
  'ticket.tagged',
  'ticket.updated',
  'ticket.owner_changed',
  'ticket.due_date_changed',
  'ticket.deleted',
  'message.customer_replied',
  'message.agent_replied',
  'message.note_added',
  'customer.created',
  'agent.invited',
  'agent.archived',
  'service.available',
  'service.unavailable',
  'ping',
] as const;

export type TicketEventType = (typeof TICKET_EVENT_TYPES)[number];

/** A human being as the helpdesk names them. At least one field is present. */
export interface Person {
  id?: string;
  name?: string;
  email?: string;
}

/** Who caused the event. */
export interface Actor extends Person {
  kind: 'agent' | 'customer' | 'system' | 'unknown';
}

/** A value of the helpdesk's own vocabulary, with our name for it where there is one. Messages show `native` as spelled. */
export interface Term<Normal extends string = string> {
  native: string;
  normal?: Normal;
}

export type NormalStatus = 'open' | 'pending' | 'solved' | 'closed';
export type NormalPriority = 'low' | 'medium' | 'high' | 'urgent';

export interface Ticket {
  /** What the helpdesk identifies the ticket by, the same in every event about it: threads and lanes hang on it. */
  key: string;
  /** What people call the ticket (`9`, `HDSK-AAAA-0010`), without `#`. */
  number?: string;
  title?: string;
  /** Where an agent opens the ticket: http(s) only. */
  url?: string;
  status?: Term<NormalStatus>;
  priority?: Term<NormalPriority>;
  group?: string;
  category?: string;
  platform?: string;
  assignee?: Person;
  requester?: Person;
  tags: string[];
  custom: Record<string, string>;
}

export interface Message {
  id?: string;
  /** Markdown where the helpdesk sent HTML, else the text as it came. */
  text: string;
  isInternal: boolean;
}

/** One field that the event says was changed. */
export interface Change {
  field: string;
  from?: string;
  to?: string;
}

/** A ticket that intake opens in the built-in store, in the same commit as its event. */
export interface NewTicket {
  /**
   * What the system identifies it by in later webhooks, where it does; else the id that the ticket gets in the store is the
   * key of its events.
   */
  key?: string;
  title: string;
  description: string;
  category: string;
  priority: NormalPriority;
  /** Empty where nobody is named. */
  userId: string;
  userEmail: string;
  /** What else the system said, kept as it is. */
  metadata: Record<string, unknown>;
}

/** What an adapter makes of a webhook: everything but what only intake knows. */
export interface TicketEventDraft {
  type: TicketEventType;
  /** The provider's own name for the event, e.g. `ticket_started`. */
  nativeType: string;
  /** Absent where the payload does not say: the time of receipt is taken. */
  occurredAt?: Date;
  ticket?: Ticket;
  /** Whom `customer.created`, `agent.invited` and `agent.archived` are about. */
  person?: Person;
  actor?: Actor;
  message?: Message;
  changes: Change[];
  /** Only of `ticket.created`, and only together with `ticket`, whose key is replaced where `opens` has none. */
  opens?: NewTicket;
  /**
   * What makes two webhooks the same event, before intake adds the event's index in its webhook.
   * `delivery_id`: the helpdesk's own id of this delivery, stable over its retries (remembered for 7 days).
   * `content`: a hash of the meaningful payload (remembered for 10 minutes, unless the source says otherwise).
   * `none`: never a duplicate (pings).
   */
  identity: { kind: 'delivery_id'; value: string } | { kind: 'content'; value: string } | { kind: 'none' };
}

/** Which installation of which helpdesk an event came from. */
export interface EventSource {
  id: string;
  provider: string;
  name: string;
}

/** The shared event: what routes judge, templates show, and the log keeps. */
export interface TicketEvent extends Omit<TicketEventDraft, 'occurredAt' | 'identity' | 'opens'> {
  /** UUIDv7 given at intake; sorts by time. */
  id: string;
  source: EventSource;
  occurredAt: Date;
  receivedAt: Date;
  deduplicationKey: string;
}
