import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { type ClassConstructor, Type } from 'class-transformer';
import { IsIn, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { IsLine } from '../http/line-field.js';
import { IsName } from '../http/name-field.js';
import { DisablingFields } from '../http/disabling.dto.js';
import { OptionalField } from '../http/optional-field.js';
import { type DestinationSettings, WebhookSettingsBody, ZulipSettingsBody } from './destination-settings.dto.js';
import { IsWebhookSecret } from './webhook-secret.js';

const LONGEST_KEY = 200;
const LONGEST_ZULIPRC = 4_000;

export const DESTINATION_KINDS = ['zulip', 'webhook'] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

export class ZulipSecretsBody {
  /**
   * The bot's API key. Never shown again.
   * @example 'a0b1c2d3e4f5'
   */
  @IsLine(LONGEST_KEY)
  api_key!: string;
}

export class WebhookSecretsBody {
  /**
   * What webhooks are signed with: `whsec_…`. Made by us unless it is given.
   * @example 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
   */
  @IsWebhookSecret()
  signing_secret!: string;
}

/** The rules for the settings of a kind. */
export const SETTINGS_OF_KIND = { zulip: ZulipSettingsBody, webhook: WebhookSettingsBody };
/** The rules for the secrets of a kind. */
export const SECRETS_OF_KIND = { zulip: ZulipSecretsBody, webhook: WebhookSecretsBody };

@ApiExtraModels(ZulipSettingsBody, WebhookSettingsBody, ZulipSecretsBody, WebhookSecretsBody)
export class CreateDestinationBody extends DisablingFields {
  /**
   * Unique among destinations, however it is capitalised.
   * @example 'Support chat'
   */
  @IsName()
  name!: string;

  /** What it is, which stays so. */
  @IsIn(DESTINATION_KINDS)
  kind!: DestinationKind;

  @ApiProperty({ oneOf: schemasOf(SETTINGS_OF_KIND), description: 'Of the kind that is made.' })
  @IsObject()
  @ValidateNested()
  @Type(byKind(SETTINGS_OF_KIND))
  settings!: DestinationSettings;

  @ApiPropertyOptional({ oneOf: schemasOf(SECRETS_OF_KIND), description: 'Of the kind that is made.' })
  @OptionalField()
  @IsObject()
  @ValidateNested()
  @Type(byKind(SECRETS_OF_KIND))
  secrets?: Partial<ZulipSecretsBody & WebhookSecretsBody>;

  /**
   * The text of a bot's zuliprc file, in place of `settings.site`, `settings.email` and `secrets.api_key`.
   * @example '[api]\nemail=deskwire-bot@chat.example.com\nkey=a0b1c2d3e4f5\nsite=https://chat.example.com'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_ZULIPRC)
  zuliprc?: string;
}

/** What is left out stays. */
export class UpdateDestinationBody extends DisablingFields {
  /**
   * Another name.
   * @example 'Support chat'
   */
  @OptionalField()
  @IsName()
  name?: string;

  /** May be sent back as it was read; it cannot be changed. */
  @OptionalField()
  @IsIn(DESTINATION_KINDS)
  kind?: DestinationKind;

  /**
   * As when a destination is made; null removes a setting. Another `site`, `email` or `url` needs the secret anew in the
   * same request.
   * @example { "channel": "helpdesk", "topic": null }
   */
  @OptionalField()
  @IsObject()
  settings?: Record<string, unknown>;

  /**
   * A bot's new key, or what a webhook is signed with from now on: the one before signs too for 24 hours, unless the `url`
   * changes as well.
   * @example { "api_key": "a0b1c2d3e4f5" }
   */
  @OptionalField()
  @IsObject()
  secrets?: Record<string, unknown>;

  /**
   * The text of a bot's zuliprc file, in place of `settings.site`, `settings.email` and `secrets.api_key`.
   * @example '[api]\nemail=deskwire-bot@chat.example.com\nkey=a0b1c2d3e4f5\nsite=https://chat.example.com'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_ZULIPRC)
  zuliprc?: string;
}

/** @returns what chooses the class of a field by the kind of destination; of an unknown kind nothing but the kind is to be said */
function byKind(classes: Record<DestinationKind, ClassConstructor<object>>): Parameters<typeof Type>[0] {
  return (options) =>
    (options?.object as { kind?: unknown } | undefined)?.kind === 'webhook' ? classes.webhook : classes.zulip;
}

/** @returns how OpenAPI says that a field has the form of one of the classes */
export function schemasOf(classes: Record<string, ClassConstructor<object>>): { $ref: string }[] {
  return Object.values(classes).map((schema) => ({ $ref: getSchemaPath(schema) }));
}
