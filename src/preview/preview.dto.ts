import { ApiExtraModels, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Allow, IsObject, IsString, IsUUID, MaxLength } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';
import { CreateRouteBody, UpdateRouteBody } from '../routes/route.dto.js';
import type { TicketEventView } from '../ticket-event/ticket-event-view.dto.js';
import { IsHeaders } from './headers-field.js';
import { MatcherVerdictView } from './matcher-verdict.dto.js';

const LONGEST_PROVIDER = 50;

/** A webhook to try out. One of `provider`, `source_id` and `event_id` says whose it is. */
@ApiExtraModels(CreateRouteBody, UpdateRouteBody)
export class PreviewBody {
  /**
   * Of a source that exists only for this trial, with the given `settings`.
   * @example 'groove'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_PROVIDER)
  provider?: string;

  /** Of this source; `settings` change its own for the trial. */
  @OptionalField()
  @IsUUID()
  source_id?: string;

  /** Instead of a webhook: an event of the log, judged by the present routes. */
  @OptionalField()
  @IsUUID()
  event_id?: string;

  /**
   * As the helpdesk sends them.
   * @example { "x-groove-event": "ticket_started" }
   */
  @OptionalField()
  @IsHeaders()
  headers?: Record<string, string>;

  /**
   * The webhook's body: a text as it comes, be it JSON, a form or multipart; or the JSON value itself, whatever the names in
   * it.
   * @example { "number": 9, "title": "The printer is on fire", "state": "opened" }
   */
  @ApiPropertyOptional({ oneOf: [{ type: 'string' }, { type: 'object' }, { type: 'array', items: {} }] })
  @OptionalField()
  @Allow()
  body?: unknown;

  /**
   * Settings of a source; null removes one.
   * @example { "deduplicate_seconds": null }
   */
  @OptionalField()
  @IsObject()
  settings?: Record<string, unknown>;

  /**
   * A route that is not saved: shows what would happen if it was. A new one as for `POST /routes`; or what is to change of
   * one that is there, as for `PATCH /routes/{id}`, with its `id`. It is held to the same rules.
   */
  @ApiPropertyOptional({
    oneOf: [
      { $ref: getSchemaPath(CreateRouteBody) },
      {
        allOf: [{ $ref: getSchemaPath(UpdateRouteBody) }],
        required: ['id'],
        properties: { id: { type: 'string', format: 'uuid' } },
      },
    ],
  })
  @OptionalField()
  @IsObject()
  route?: Record<string, unknown>;
}

/** What a route would send; null where it sends nothing. */
export interface RenderedMessage {
  channel: string | null;
  /** As a ticket's first message would choose it: a ticket that has a topic already stays there. */
  topic: string | null;
  content: string | null;
  /** Why a route that matched sends nothing: `nothing_to_say`, `same_place`, `render_failed`, `destination_disabled`. */
  reason?: string;
  /** For people, where there is more to say: what is wrong with a template. */
  detail?: string;
}

export class PreviewedRouteView implements RenderedMessage {
  /**
   * Null for a draft of a new route.
   * @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d'
   */
  id!: string | null;

  /** @example 'Urgent tickets' */
  name!: string;

  /** @example 1 */
  position!: number;

  /** It is the one that is not saved. */
  draft?: true;

  matched!: boolean;

  /** A route above it said `stop`, so that it is not asked. */
  skipped_by_stop?: true;

  matchers!: MatcherVerdictView[];

  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9e' */
  destination_id!: string;

  /**
   * Null where nothing is sent, as of topic and content.
   * @example 'support'
   */
  channel!: string | null;

  /**
   * As a ticket's first message would choose it: a ticket that has a topic already stays there.
   * @example '#9 The printer is on fire'
   */
  topic!: string | null;

  /** @example 'New ticket has been opened for Carl Customer' */
  content!: string | null;

  /**
   * Why a route that matched sends nothing: `nothing_to_say`, `same_place`, `render_failed`, `destination_disabled`.
   * @example 'same_place'
   */
  reason?: string;

  /**
   * For people, where there is more to say: what is wrong with a template.
   * @example 'The template takes too long (line 1, column 5)'
   */
  detail?: string;

  /**
   * Why a stored route cannot be used: an older version took what this one cannot. It matches nothing.
   * @example 'matchers.0: value: RE2 does not understand the pattern.'
   */
  fault?: string;
}

export class PreviewedEventView {
  event!: TicketEventView;
  /** Those that are enabled, in the order of their positions. */
  routes!: PreviewedRouteView[];
}

export class PreviewView {
  events!: PreviewedEventView[];
  /**
   * The event's own name, where it is of a type that the provider's adapter does not know.
   * @example 'survey_answered'
   */
  unsupported?: string;
}
