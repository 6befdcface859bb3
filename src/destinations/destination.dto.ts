import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  IsUrl,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsLine } from '../http/line-field.js';
import { IsName } from '../http/name-field.js';
import { OptionalField } from '../http/optional-field.js';
import { NestedField } from '../http/nested-field.js';
import type { PauseReason } from './pause.js';

const LONGEST_URL = 2_000;
/** Zulip's own limit of a channel name: https://zulip.com/api/update-stream. */
const LONGEST_CHANNEL = 60;
const LONGEST_TOPIC = 58;
const LONGEST_KEY = 200;
const LONGEST_RETRY_WAIT_SECONDS = 604_800;
const MOST_RETRIES = 50;
const MOST_REQUESTS_PER_MINUTE = 1_000_000;

export class DestinationSettingsBody {
  /** Address of the Zulip organisation, e.g. `https://your-organisation.zulipchat.com`. Taken from a zuliprc if one is given. */
  @OptionalField()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true, disallow_auth: true })
  @MaxLength(LONGEST_URL)
  site?: string;

  /** The bot's address. */
  @OptionalField()
  @IsEmail({ require_tld: false })
  email?: string;

  /** The channel that messages go to unless a route names another. */
  @IsLine(LONGEST_CHANNEL)
  channel!: string;

  /** The topic of events without a ticket; default: the source's name. */
  @OptionalField()
  @IsLine(LONGEST_TOPIC)
  topic?: string;

  /** The most requests that its bot makes in any minute, look-ups included; the server's own limit holds as well. */
  @OptionalField()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS_PER_MINUTE)
  max_requests_per_minute?: number;

  /** Whether messages that wait for the rate are joined into one where channel and topic are the same. Default: true. */
  @OptionalField()
  @IsBoolean()
  join?: boolean;

  /** The waits after each failure, in seconds; after the last one a delivery is dead. */
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_RETRIES)
  @IsNumber({}, { each: true })
  @Min(0, { each: true })
  @Max(LONGEST_RETRY_WAIT_SECONDS, { each: true })
  retry_schedule_seconds?: number[];
}

export class DestinationSecretsBody {
  /** The bot's API key. Never shown again. */
  @IsLine(LONGEST_KEY)
  api_key!: string;
}

export class CreateDestinationBody {
  @IsName()
  name!: string;

  @IsIn(['zulip'])
  kind!: 'zulip';

  @NestedField(() => DestinationSettingsBody)
  settings!: DestinationSettingsBody;

  @OptionalField()
  @NestedField(() => DestinationSecretsBody)
  secrets?: DestinationSecretsBody;

  /** The text of a bot's zuliprc file, in place of `settings.site`, `settings.email` and `secrets.api_key`. */
  @OptionalField()
  @IsString()
  @MaxLength(4_000)
  zuliprc?: string;
}

/** Why deliveries wait although their time has come. */
export class PauseView {
  /** Null = the whole destination. */
  channel!: string | null;
  /** `auth`: the bot is refused; `not_found`: the channel is missing; `unreachable`: the server is down. */
  reason!: PauseReason;
  /** What the server said. */
  detail!: string | null;
  since!: Date;
  /** When one message is tried again to see whether the reason is gone. */
  next_probe_at!: Date;
}

export class DestinationView {
  id!: string;
  name!: string;
  kind!: string;
  settings!: DestinationSettingsBody;
  /** Empty while everything works. */
  pauses!: PauseView[];
  disabled_at!: Date | null;
  created_at!: Date;
}
