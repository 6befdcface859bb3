import {
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  getSchemaPath,
  OmitType,
  PartialType,
} from '@nestjs/swagger';
import { DELIVERY_STATES, type DeliveryState } from '../deliveries/delivery.js';
import { EventSourceView, TicketEventView } from '../ticket-event/ticket-event-view.dto.js';
import { EVENT_OUTCOMES, type EventOutcome } from './log-query.dto.js';

/** A request as it came: the body as text, as base64 only where it is not UTF-8. */
export class RawView {
  /** Lower-case names; secrets masked. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started' },
  })
  headers!: Record<string, string>;
  /** @example '{"number": 9, "title": "The printer is on fire"}' */
  body!: string;
  encoding!: 'utf-8' | 'base64';
}

export class AttemptView {
  id!: string;
  delivery_id!: string;
  /**
   * From 1.
   * @example 1
   */
  number!: number;
  started_at!: Date;
  /**
   * Null while it lasts.
   * @example 84
   */
  duration_ms!: number | null;
  /** Null while it lasts. */
  @ApiProperty({ enum: ['sent', 'retry', 'rejected'], nullable: true })
  outcome!: 'sent' | 'retry' | 'rejected' | null;
  /**
   * Why it was not sent.
   * @example 'timeout'
   */
  reason!: string | null;
  /** @example 200 */
  http_status!: number | null;
  /**
   * What the receiver said, at most 16 KiB, secrets masked.
   * @example '{"result": "success", "id": 42}'
   */
  response!: string | null;
  /** @example 42 */
  message_id!: number | null;
  /** Whether it may have arrived although nothing said so. */
  in_doubt!: boolean;
  /** What asking the receiver for an attempt in doubt came to; null where it was not asked. */
  @ApiProperty({ enum: ['found', 'absent', 'not_allowed', 'failed'], nullable: true })
  looked_up!: 'found' | 'absent' | 'not_allowed' | 'failed' | null;
  /**
   * The same for all attempts that one joined message was; null for a message of its own.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3'
   */
  joined_id!: string | null;
}

@ApiExtraModels(AttemptView)
export class DeliveryView {
  id!: string;
  event_id!: string;
  /**
   * Null for a subscriber's.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4'
   */
  route_id!: string | null;
  destination_id!: string;
  @ApiProperty({ enum: DELIVERY_STATES })
  state!: DeliveryState;
  /** How many attempts counted; with `include=attempts`, every attempt in full, also those that cost nothing. */
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'array', items: { $ref: getSchemaPath(AttemptView) } }],
    example: 1,
  })
  attempts!: number | AttemptView[];
  next_attempt_at!: Date | null;
  /** @example 'support' */
  channel!: string | null;
  /** @example '#9 The printer is on fire' */
  topic!: string | null;
  /**
   * What was sent, word for word; null before it was rendered.
   * @example 'Grace Hopper opened [#9 The printer is on fire](https://helpdesk.example.com/tickets/9).'
   */
  content!: string | null;
  /**
   * Zulip's.
   * @example 42
   */
  message_id!: number | null;
  /**
   * Why it is dead, skipped or waiting.
   * @example 'not_found'
   */
  reason!: string | null;
  /**
   * The same for people, where there is more to say.
   * @example 'Channel ‘support’ does not exist'
   */
  detail!: string | null;
  created_at!: Date;
  finished_at!: Date | null;
  /**
   * The delivery that this one sends again.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3'
   */
  replay_of!: string | null;
  /**
   * Whose key asked for a replay, or for its event to be routed again.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e4'
   */
  replayed_by!: string | null;
  /** Only with `include=event`; null where the log has forgotten it. */
  @ApiPropertyOptional({ allOf: [{ $ref: '#/components/schemas/EventView' }], nullable: true })
  event?: EventView | null;
}

/** What is known of an event only where one could be made of the webhook. */
class UnderstoodFields extends PartialType(
  OmitType(TicketEventView, ['id', 'native_type', 'source', 'received_at'] as const),
) {}

/** An event of the log: the TicketEvent's own fields beside what became of it. */
export class EventView extends UnderstoodFields {
  id!: string;
  @ApiProperty({ enum: EVENT_OUTCOMES })
  outcome!: EventOutcome;
  /**
   * As the helpdesk calls it.
   * @example 'ticket_started'
   */
  native_type!: string | null;
  source!: EventSourceView;
  /** @example '2026-03-01T09:30:00.000Z' */
  received_at!: string;
  /**
   * Of a duplicate: the first event.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3'
   */
  duplicate_of!: string | null;
  /**
   * Why it was not accepted.
   * @example 'missing_event_name'
   */
  reason!: string | null;
  /**
   * The same for people.
   * @example 'The event name is missing: it is expected in the X-Groove-Event header.'
   */
  detail!: string | null;
  /**
   * What judged it: see `/api/v1/routes/revisions/{id}`.
   * @example 17
   */
  route_revision!: number | null;
  /**
   * Whether any route or subscriber took it; null of what was not accepted, and of what an earlier version stored.
   * @example true
   */
  matched!: boolean | null;
  /** Only with `include=raw`; null where it is not kept any more. */
  @ApiPropertyOptional({ type: () => RawView, nullable: true })
  raw?: RawView | null;
  /** Only with `include=deliveries`. */
  deliveries?: DeliveryView[];
}
