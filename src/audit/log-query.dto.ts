import { OmitType } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsString, IsUUID, MaxLength } from 'class-validator';
import { DELIVERY_STATES, type DeliveryState } from '../deliveries/delivery.js';
import { IsInstant } from '../http/instant-field.js';
import { PageQuery } from '../http/page.js';
import { TICKET_EVENT_TYPES, type TicketEventType } from '../ticket-event/ticket-event.js';
import { IsInclude } from './include-parameter.js';
import { OptionalField } from '../http/optional-field.js';

export const EVENT_OUTCOMES = ['accepted', 'duplicate', 'unsupported', 'rejected'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

const LONGEST_FILTER = 500;

/** What both lists of the log can be narrowed by. */
class LogQuery extends PageQuery {
  /** Of this source. */
  @OptionalField()
  @IsUUID()
  source_id?: string;

  /** Of this type. */
  @OptionalField()
  @IsIn(TICKET_EVENT_TYPES)
  type?: TicketEventType;

  /**
   * The ticket's key or number.
   * @example '9'
   */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  ticket?: string;

  /**
   * ISO 8601; this instant and later.
   * @example '2026-03-01T00:00:00Z'
   */
  @OptionalField()
  @IsInstant()
  since?: string;

  /**
   * ISO 8601; before this instant.
   * @example '2026-04-01T00:00:00Z'
   */
  @OptionalField()
  @IsInstant()
  until?: string;

  /**
   * Free text, taken literally, without case.
   * @example 'printer'
   */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  q?: string;
}

export class EventsQuery extends LogQuery {
  /**
   * The helpdesk's own name of the event.
   * @example 'ticket_started'
   */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  native_type?: string;

  /** What became of the webhook. */
  @OptionalField()
  @IsIn(EVENT_OUTCOMES)
  outcome?: EventOutcome;
}

export class DeliveriesQuery extends LogQuery {
  /** In this state. */
  @OptionalField()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;

  /** By this route. */
  @OptionalField()
  @IsUUID()
  route_id?: string;

  /** To this destination. */
  @OptionalField()
  @IsUUID()
  destination_id?: string;

  /** Of this event. */
  @OptionalField()
  @IsUUID()
  event_id?: string;

  /**
   * Not delivered for this reason.
   * @example 'not_found'
   */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_FILTER)
  reason?: string;
}

const PAGE_FIELDS = ['limit', 'cursor'] as const;

/** Which events, without how many of them at once. */
export class EventFilter extends OmitType(EventsQuery, PAGE_FIELDS) {}

/** Which deliveries, without how many of them at once. */
export class DeliveryFilter extends OmitType(DeliveriesQuery, PAGE_FIELDS) {}

export class EventQuery {
  /**
   * What to answer beside it, comma-separated: `raw`, `deliveries`.
   * @example ['raw', 'deliveries']
   */
  @IsInclude(['raw', 'deliveries'])
  include?: string[];
}

export class DeliveryQuery {
  /**
   * What to answer beside it, comma-separated: `attempts`, `event`.
   * @example ['attempts', 'event']
   */
  @IsInclude(['attempts', 'event'])
  include?: string[];
}
