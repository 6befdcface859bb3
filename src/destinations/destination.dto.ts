import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { type ClassConstructor, Type } from 'class-transformer';
import { IsIn, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { IsLine } from '../http/line-field.js';
import { IsName } from '../http/name-field.js';
import { OptionalField } from '../http/optional-field.js';
import type { FailureReason } from '../notifiers/notifier.js';
import { type DestinationSettings, WebhookSettingsBody, ZulipSettingsBody } from './destination-settings.dto.js';
import type { PauseReason } from './pause.js';
import { IsWebhookSecret } from './webhook-secret.js';

const LONGEST_KEY = 200;

export const DESTINATION_KINDS = ['zulip', 'webhook'] as const;

export class ZulipSecretsBody {
  /** The bot's API key. Never shown again. */
  @IsLine(LONGEST_KEY)
  api_key!: string;
}

export class WebhookSecretsBody {
  /** What webhooks are signed with: `whsec_…`. Made by us unless it is given. */
  @IsWebhookSecret()
  signing_secret!: string;
}

const SETTINGS = { zulip: ZulipSettingsBody, webhook: WebhookSettingsBody };
const SECRETS = { zulip: ZulipSecretsBody, webhook: WebhookSecretsBody };

@ApiExtraModels(ZulipSettingsBody, WebhookSettingsBody, ZulipSecretsBody, WebhookSecretsBody)
export class CreateDestinationBody {
  @IsName()
  name!: string;

  @IsIn(DESTINATION_KINDS)
  kind!: (typeof DESTINATION_KINDS)[number];

  @ApiProperty({ oneOf: schemasOf(SETTINGS) })
  @IsObject()
  @ValidateNested()
  @Type(byKind(SETTINGS))
  settings!: DestinationSettings;

  @ApiPropertyOptional({ oneOf: schemasOf(SECRETS) })
  @OptionalField()
  @IsObject()
  @ValidateNested()
  @Type(byKind(SECRETS))
  secrets?: Partial<ZulipSecretsBody & WebhookSecretsBody>;

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
  @ApiProperty({ oneOf: schemasOf(SETTINGS) })
  settings!: DestinationSettings;
  /** A callback of the ticket desk: it gets the events of its tickets whatever the routes say. */
  is_subscriber!: boolean;
  /** Empty while everything works. */
  pauses!: PauseView[];
  /** Of a webhook: since when nothing has arrived. Null while all is well, or before a minute of it. */
  failing_since!: Date | null;
  /** When it is disabled, if nothing arrives until then. */
  disables_at!: Date | null;
  disabled_at!: Date | null;
  /** Why it was disabled by itself: `gone`: it answered 410; `failing`: nothing had arrived for days. */
  disabled_because!: 'gone' | 'failing' | null;
  created_at!: Date;
}

export class NewDestinationView extends DestinationView {
  /** Of a webhook: what it is signed with. Shown this once. */
  secret?: string;
}

export class NewSecretView {
  /** Signs from now on; the one before signs too for 24 hours. Shown this once. */
  secret!: string;
}

/** What came of a test message. */
export class DestinationTestView {
  outcome!: 'sent' | 'retry' | 'rejected';
  /** Where it was not sent. */
  reason?: FailureReason;
  http_status?: number;
  /** What the server said, at most 16 KiB, secrets masked. */
  response?: string;
}

/** @returns what chooses the class of a field by the kind of destination; of an unknown kind nothing but the kind is to be said */
function byKind(
  classes: Record<(typeof DESTINATION_KINDS)[number], ClassConstructor<object>>,
): Parameters<typeof Type>[0] {
  return (options) =>
    (options?.object as { kind?: unknown } | undefined)?.kind === 'webhook' ? classes.webhook : classes.zulip;
}

function schemasOf(classes: Record<string, ClassConstructor<object>>): { $ref: string }[] {
  return Object.values(classes).map((schema) => ({ $ref: getSchemaPath(schema) }));
}
