import { IsIn, IsNotEmpty, IsString, IsUUID, MaxLength } from 'class-validator';
import { DELIVERY_STATES, type DeliveryState } from '../deliveries/delivery.js';
import { IsInstant } from '../http/instant-field.js';
import { PageQuery } from '../http/page.js';
import { TICKET_EVENT_TYPES, type TicketEventType } from '../ticket-event/ticket-event.js';
import { IsInclude } from './include-parameter.js';
import { OptionalField } from '../http/optional-field.js';

const EVENT_OUTCOMES = ['accepted', 'duplicate', 'unsupported', 'rejected'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

const LONGEST_FILTER = 500;

/** What both lists of the log can be narrowed by. */
class LogQuery extends PageQuery {
  @OptionalField()
  @IsUUID()
  source_id?: string;

  @OptionalField()
  @IsIn(TICKET_EVENT_TYPES)
  type?: TicketEventType;

  /** The ticket's key or number. */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  ticket?: string;

  /** ISO 8601; this instant and later. */
  @OptionalField()
  @IsInstant()
  since?: string;

  /** ISO 8601; before this instant. */
  @OptionalField()
  @IsInstant()
  until?: string;

  /** Free text. */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  q?: string;
}

export class EventsQuery extends LogQuery {
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  native_type?: string;

  @OptionalField()
  @IsIn(EVENT_OUTCOMES)
  outcome?: EventOutcome;
}

export class DeliveriesQuery extends LogQuery {
  @OptionalField()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;

  @OptionalField()
  @IsUUID()
  route_id?: string;

  @OptionalField()
  @IsUUID()
  destination_id?: string;

  @OptionalField()
  @IsUUID()
  event_id?: string;

  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  reason?: string;
}

export class EventQuery {
  /** `raw`, `deliveries` */
  @IsInclude(['raw', 'deliveries'])
  include?: string[];
}

export class DeliveryQuery {
  /** `attempts`, `event` */
  @IsInclude(['attempts', 'event'])
  include?: string[];
}
