import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsUrl,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsUniqueList } from '../http/unique-list-field.js';
import { IsLine } from '../http/line-field.js';
import { OptionalField } from '../http/optional-field.js';
import { WEBHOOK_EVENT_NAMES } from '../ticket-event/webhook-event-name.js';
import { IsWebhookUrl } from './webhook-url.js';

const LONGEST_URL = 2_000;
/** Zulip's own limit of a channel name: https://zulip.com/api/update-stream. */
const LONGEST_CHANNEL = 60;
const LONGEST_TOPIC = 58;
const LONGEST_RETRY_WAIT_SECONDS = 604_800;
const MOST_RETRIES = 50;
const MOST_REQUESTS_PER_MINUTE = 1_000_000;

/** How the messages of any destination go. */
class PaceSettingsBody {
  /**
   * The most requests that it gets in any minute, look-ups included; the server's own limit holds as well.
   * @example 200
   */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS_PER_MINUTE)
  max_requests_per_minute?: number;

  /**
   * The waits after each failure, in seconds; after the last one a delivery is dead.
   * @example [5, 30, 120, 600]
   */
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_RETRIES)
  @IsNumber({}, { each: true })
  @Min(0, { each: true })
  @Max(LONGEST_RETRY_WAIT_SECONDS, { each: true })
  retry_schedule_seconds?: number[];
}

export class ZulipSettingsBody extends PaceSettingsBody {
  /**
   * Address of the Zulip organisation. Taken from a zuliprc if one is given.
   * @example 'https://chat.example.com'
   */
  @OptionalField()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true, disallow_auth: true })
  @MaxLength(LONGEST_URL)
  site?: string;

  /**
   * The bot's address.
   * @example 'deskwire-bot@chat.example.com'
   */
  @OptionalField()
  @IsEmail({ require_tld: false })
  email?: string;

  /**
   * The channel that messages go to unless a route names another.
   * @example 'support'
   */
  @IsLine(LONGEST_CHANNEL)
  channel!: string;

  /**
   * The topic of events without a ticket; default: the source's name.
   * @example 'helpdesk'
   */
  @OptionalField()
  @IsLine(LONGEST_TOPIC)
  topic?: string;

  /**
   * Whether messages that wait for the rate are joined into one where channel and topic are the same. Default: true.
   * @example true
   */
  @OptionalField()
  @IsBoolean()
  join?: boolean;
}

export const WEBHOOK_FORMATS = ['envelope', 'cloudevents'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

export class WebhookSettingsBody extends PaceSettingsBody {
  /**
   * Where events are posted to: http or https, without user and fragment.
   * @example 'https://hooks.example.com/deskwire'
   */
  @IsWebhookUrl()
  url!: string;

  /**
   * `envelope`: `{event, created, data}`; `cloudevents`: the whole event as CloudEvents 1.0 JSON. Default: `envelope`.
   * @example 'envelope'
   */
  @OptionalField()
  @IsIn(WEBHOOK_FORMATS)
  format?: WebhookFormat;

  /**
   * Of a subscriber of the ticket desk: the events that it wants, as the envelope names them. Default: all.
   * @example ['ticket_opened', 'ticket_closed']
   */
  @OptionalField()
  @IsArray()
  @ArrayNotEmpty()
  @IsUniqueList()
  @IsIn([...WEBHOOK_EVENT_NAMES], { each: true })
  events?: string[];
}

/** The settings of any kind of destination; which of them it has is up to its kind. */
export type DestinationSettings = Partial<ZulipSettingsBody & WebhookSettingsBody>;
