import { OmitType } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { DELIVERY_STATES, type DeliveryState } from '../deliveries/delivery.js';
import { BooleanParameter } from '../http/boolean-parameter.js';
import { IsInstant } from '../http/instant-field.js';
import { PageQuery } from '../http/page.js';
import { TICKET_EVENT_TYPES, type TicketEventType } from '../ticket-event/ticket-event.js';
import { IsInclude } from './include-parameter.js';
import { OptionalField } from '../http/optional-field.js';

export const EVENT_OUTCOMES = ['accepted', 'duplicate', 'unsupported', 'rejected'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

const LONGEST_FILTER = 500;
/** Whatever is not between words: as the functions of the database split them (`deskwire_words`). */
const A_WORD =
  /[^\s!-/:-@[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u2000-\u206f\u3000-\u3003\u3008-\u301f\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;

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
   * Words of the subject, of people's names and addresses, of the message or of the error, without case: each of
   * them is a whole word there, or, with a star behind it, what a word begins with.
   * @example 'printer grace@example.com'
   */
  @OptionalField()
  @IsString()
  @IsNotEmpty()
  @Matches(A_WORD, { message: 'q must contain a word' })
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

  /**
   * Whether any route or subscriber took it.
   * @example false
   */
  @OptionalField()
  @BooleanParameter()
  matched?: boolean;
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

/** The forms of an export: a JSON document a line (https://github.com/ndjson/ndjson-spec), or a table (RFC 4180). */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export of events takes: the list's filters, and where to go on. */
export class EventsExportQuery extends OmitType(EventsQuery, ['limit'] as const) {
  /** One JSON document a line, or a table for spreadsheets. */
  @OptionalField()
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat = 'ndjson';
}

/** What an export of deliveries takes: the list's filters, and where to go on. */
export class DeliveriesExportQuery extends OmitType(DeliveriesQuery, ['limit'] as const) {
  /** One JSON document a line, or a table for spreadsheets. */
  @OptionalField()
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat = 'ndjson';
}

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
