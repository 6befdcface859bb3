import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsUniqueList } from '../http/unique-list-field.js';
import { DisablingFields } from '../http/disabling.dto.js';
import { IsLine } from '../http/line-field.js';
import { IsName } from '../http/name-field.js';
import { NestedField, NestedList } from '../http/nested-field.js';
import { OptionalField } from '../http/optional-field.js';
import { LARGEST_TEMPLATE } from '../templating/liquid-engine.js';
import { MATCHER_OPS, MOST_MATCHERS, type MatcherOp } from './matcher.js';

const LONGEST_FIELD = 200;
const LONGEST_CHANNEL = 60;
const FARTHEST_POSITION = 10_000;
/** Not deleted ones. Each event is judged by all that are enabled, and every revision holds them all. */
export const MOST_ROUTES = 1_000;

/** What a matcher compares with, for the OpenAPI document. */
const PLAIN_VALUES = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }];

export class MatcherBody {
  /**
   * A path into the TicketEvent, e.g. `type`, `ticket.priority.normal`, `ticket.tags`, `ticket.custom.Plan`; at most 200
   * characters.
   * @example 'ticket.priority.normal'
   */
  @IsString()
  @MaxLength(LONGEST_FIELD)
  field!: string;

  /**
   * How it compares. On a list such as `ticket.tags` it holds when it does for any element; `ne`, `not_in` and
   * `not_matches` hold when their opposites do not.
   * @example 'in'
   */
  @IsIn(MATCHER_OPS)
  op!: MatcherOp;

  /**
   * A string, number or boolean, of at most 1,000 characters; for `in` and `not_in` a list of at most 500 of them; for
   * `matches` and `not_matches` an RE2 pattern, which looks at the first 10,000 characters; for `exists` a boolean,
   * which is true unless it is given.
   * @example ['high', 'urgent']
   */
  @ApiPropertyOptional({ oneOf: [...PLAIN_VALUES, { type: 'array', items: { oneOf: PLAIN_VALUES } }] })
  @Allow()
  value?: unknown;
}

export class RouteSettingsBody {
  /**
   * Instead of the destination's channel; at most 60 characters.
   * @example 'urgent'
   */
  @OptionalField()
  @IsLine(LONGEST_CHANNEL)
  channel?: string;

  /**
   * Liquid template of the topic, at most 10,000 characters.
   * @example '#{{ ticket.number }} {{ ticket.title }}'
   */
  @OptionalField()
  @IsString()
  @Matches(/\S/, { message: '$property must not be blank' })
  @MaxLength(LARGEST_TEMPLATE)
  topic?: string;

  /**
   * Liquid template of the message, at most 10,000 characters.
   * @example '**{{ ticket.title }}**\n{{ message.text | quote }}'
   */
  @OptionalField()
  @IsString()
  @Matches(/\S/, { message: '$property must not be blank' })
  @MaxLength(LARGEST_TEMPLATE)
  message?: string;

  /**
   * Later routes do not see an event that matched this one. Default: false.
   * @example true
   */
  @OptionalField()
  @IsBoolean()
  stop?: boolean;

  /**
   * Resolves the topic when its ticket is closed, and reopens it for the next message. Default: false.
   * @example true
   */
  @OptionalField()
  @IsBoolean()
  resolve_on_close?: boolean;
}

export class CreateRouteBody extends DisablingFields {
  /**
   * Unique among routes, whatever its case; at most 100 characters.
   * @example 'Urgent tickets'
   */
  @IsName()
  name!: string;

  /**
   * From 1. Omitted = last; a taken position moves that route and the later ones down. The route that the first start
   * made stays last until it is moved itself.
   * @example 1
   */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(FARTHEST_POSITION)
  position?: number;

  /** All must hold; none = every event. At most 50, and 65,536 characters as JSON. */
  @IsArray()
  @ArrayMaxSize(MOST_MATCHERS)
  @NestedList(() => MatcherBody)
  matchers!: MatcherBody[];

  /**
   * Where what matches goes. It must not be disabled, unless the route is.
   * @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d'
   */
  @IsUUID()
  destination_id!: string;

  /** A destination of the kind webhook takes `stop` only: its messages have a fixed form. */
  @OptionalField()
  @NestedField(() => RouteSettingsBody)
  settings?: RouteSettingsBody;
}

/** What is left out stays. */
export class UpdateRouteBody extends DisablingFields {
  /**
   * Another name.
   * @example 'Urgent tickets'
   */
  @OptionalField()
  @IsName()
  name?: string;

  /**
   * Where it moves to, from 1; the others close up.
   * @example 1
   */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(FARTHEST_POSITION)
  position?: number;

  /** All of them anew. */
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_MATCHERS)
  @NestedList(() => MatcherBody)
  matchers?: MatcherBody[];

  /**
   * Where it is to lead.
   * @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d'
   */
  @OptionalField()
  @IsUUID()
  destination_id?: string;

  /**
   * As when a route is made; null removes a setting.
   * @example { "channel": "urgent", "topic": null }
   */
  @ApiPropertyOptional({ type: () => RouteSettingsBody })
  @OptionalField()
  @IsObject()
  settings?: Record<string, unknown>;
}

export class ReorderRoutesBody {
  /** All routes, disabled ones too, in the order in which they are to be asked. */
  @IsArray()
  @ArrayMaxSize(FARTHEST_POSITION)
  @IsUUID(undefined, { each: true })
  @IsUniqueList({ message: 'ids must not name a route twice' })
  ids!: string[];
}
