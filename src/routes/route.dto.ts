import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLine } from '../http/line-field.js';
import { IsName } from '../http/name-field.js';
import { LARGEST_TEMPLATE } from '../templating/liquid-engine.js';
import { MATCHER_OPS, MOST_MATCHERS, type MatcherOp } from './matcher.js';
import { OptionalField } from '../http/optional-field.js';
import { NestedField, NestedList } from '../http/nested-field.js';

const LONGEST_FIELD = 200;
const LONGEST_CHANNEL = 60;
const MOST_ROUTES = 10_000;

export class MatcherBody {
  /** A path into the TicketEvent, e.g. `type`, `ticket.priority.normal`, `ticket.tags`. */
  @IsString()
  @MaxLength(LONGEST_FIELD)
  field!: string;

  @IsIn(MATCHER_OPS)
  op!: MatcherOp;

  /** A string, number or boolean; a list of them for `in` and `not_in`; an RE2 pattern for `matches` and `not_matches`. */
  @Allow()
  value?: unknown;
}

export class RouteSettingsBody {
  /** Instead of the destination's channel. */
  @OptionalField()
  @IsLine(LONGEST_CHANNEL)
  channel?: string;

  /** Liquid template of the topic. */
  @OptionalField()
  @IsString()
  @Matches(/\S/, { message: '$property must not be blank' })
  @MaxLength(LARGEST_TEMPLATE)
  topic?: string;

  /** Liquid template of the message. */
  @OptionalField()
  @IsString()
  @Matches(/\S/, { message: '$property must not be blank' })
  @MaxLength(LARGEST_TEMPLATE)
  message?: string;

  /** Later routes do not see an event that matched this one. */
  @OptionalField()
  @IsBoolean()
  stop?: boolean;

  /** Resolves the topic when its ticket is closed, and reopens it for the next message. Default: false. */
  @OptionalField()
  @IsBoolean()
  resolve_on_close?: boolean;
}

export class CreateRouteBody {
  @IsName()
  name!: string;

  /** From 1. Omitted = last; a taken position moves that route and the later ones down. */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(MOST_ROUTES)
  position?: number;

  /** All must hold; none = every event. */
  @IsArray()
  @ArrayMaxSize(MOST_MATCHERS)
  @NestedList(() => MatcherBody)
  matchers!: MatcherBody[];

  @IsUUID()
  destination_id!: string;

  @OptionalField()
  @NestedField(() => RouteSettingsBody)
  settings?: RouteSettingsBody;
}

export class RouteView {
  id!: string;
  name!: string;
  position!: number | null;
  matchers!: MatcherBody[];
  destination_id!: string;
  settings!: RouteSettingsBody;
  disabled_at!: Date | null;
  created_at!: Date;
}
