import { Allow, IsObject, IsString, IsUUID, MaxLength } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { IsHeaders } from './headers-field.js';

const LONGEST_PROVIDER = 50;

/** A webhook to try out. One of `provider`, `source_id` and `event_id` says whose it is. */
export class PreviewBody {
  /** Of a source that exists only for this trial, with the given `settings`. */
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

  /** As the helpdesk sends them, e.g. `{"x-groove-event": "ticket_started"}`. */
  @OptionalField()
  @IsHeaders()
  headers?: Record<string, string>;

  /** The webhook's body: a text as it comes, be it JSON, a form or multipart; or the JSON value itself. */
  @OptionalField()
  @Allow()
  body?: unknown;

  /** Settings of a source; null removes one. */
  @OptionalField()
  @IsObject()
  settings?: Record<string, unknown>;
}

export class MatcherVerdictView {
  field!: string;
  op!: string;
  value!: unknown;
  matched!: boolean;
  /** What the event has there; null for nothing. */
  saw!: unknown;
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
  id!: string;
  name!: string;
  position!: number;
  matched!: boolean;
  /** A route above it said `stop`, so that it is not asked. */
  skipped_by_stop?: true;
  matchers!: MatcherVerdictView[];
  destination_id!: string;
  channel!: string | null;
  topic!: string | null;
  content!: string | null;
  reason?: string;
  detail?: string;
}

export class PreviewedEventView {
  event!: TicketEventDocument;
  /** In the order of their positions. */
  routes!: PreviewedRouteView[];
}

export class PreviewView {
  events!: PreviewedEventView[];
  /** The event's own name, where it is of a type that the provider's adapter does not know. */
  unsupported?: string;
}
