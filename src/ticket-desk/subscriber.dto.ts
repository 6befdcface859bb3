import { ArrayNotEmpty, IsArray, IsIn } from 'class-validator';
import { IsUniqueList } from '../http/unique-list-field.js';
import { WEBHOOK_FORMATS, type WebhookFormat } from '../destinations/destination-settings.dto.js';
import { IsWebhookSecret } from '../destinations/webhook-secret.js';
import { IsWebhookUrl } from '../destinations/webhook-url.js';
import type { SubscriberView as Subscriber } from '../destinations/subscribers.service.js';
import { OptionalField } from '../http/optional-field.js';
import { DESK_EVENTS } from './desk-events.js';

export class RegisterSubscriberBody {
  /**
   * Where events are posted to: http or https, without user and fragment.
   * @example 'https://example.com/hooks/tickets'
   */
  @IsWebhookUrl()
  callback_url!: string;

  /**
   * The events that are wanted. Default: all.
   * @example ['ticket_opened', 'ticket_closed']
   */
  @OptionalField()
  @IsArray()
  @ArrayNotEmpty()
  @IsUniqueList()
  @IsIn(DESK_EVENTS, { each: true })
  events?: string[];

  /** `envelope`: `{event, created, data}`; `cloudevents`: the whole event as CloudEvents 1.0 JSON. Default: `envelope`. */
  @OptionalField()
  @IsIn(WEBHOOK_FORMATS)
  format?: WebhookFormat;

  /**
   * What the calls are signed with, as Standard Webhooks writes it: `whsec_…`. Made by us unless it is given.
   * @example 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'
   */
  @OptionalField()
  @IsWebhookSecret()
  secret?: string;
}

export class RegistrationView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  id!: string;
  /**
   * What the calls are signed with. Shown this once, and only if we made it.
   * @example 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'
   */
  secret?: string;
}

export class RegistrationAnswer {
  data!: RegistrationView;
}

export class UnregistrationView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  id!: string;
}

export class UnregistrationAnswer {
  data!: UnregistrationView;
}

export class PingView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  event_id!: string;
  /**
   * How many calls and messages wait to be sent now: one for each subscriber, one for each route that fits.
   * @example 2
   */
  deliveries!: number;
}

export class PingAnswer {
  data!: PingView;
}

/** Whoever is called back. */
export class SubscriberView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  id!: string;
  /** @example 'https://example.com/hooks/tickets' */
  callback_url!: string;
  /**
   * Null = all.
   * @example ['ticket_opened', 'ticket_closed']
   */
  events!: string[] | null;
  format!: WebhookFormat;
  /** Set where it is not called any more: it answered 410 Gone, or nothing arrived for days. */
  disabled_at!: Date | null;
  /** Since when nothing has arrived there. */
  failing_since!: Date | null;
  /** When it is disabled, if nothing arrives until then. */
  disables_at!: Date | null;
  created_at!: Date;
}

export function toSubscriberView({ id, url, events, format, ...facts }: Subscriber): SubscriberView {
  const { disabled_at, failing_since, disables_at, created_at } = facts;
  return { id, callback_url: url, events, format, disabled_at, failing_since, disables_at, created_at };
}
