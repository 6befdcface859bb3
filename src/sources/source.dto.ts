import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsString, Max, MaxLength, Min } from 'class-validator';
import { DisablingFields } from '../http/disabling.dto.js';
import { IsName } from '../http/name-field.js';
import { NestedField } from '../http/nested-field.js';
import { OptionalField } from '../http/optional-field.js';
import { SourceSecretsBody, SourceSettingsBody } from './source-settings.dto.js';

const LONGEST_PROVIDER = 50;
const SECONDS_PER_WEEK = 604_800;

export class CreateSourceBody extends DisablingFields {
  /**
   * Unique among sources, whatever its case; at most 100 characters.
   * @example 'Groove of the shop'
   */
  @IsName()
  name!: string;

  /**
   * The kind of helpdesk.
   * @example 'groove'
   */
  @IsString()
  @MaxLength(LONGEST_PROVIDER)
  provider!: string;

  @OptionalField()
  @NestedField(() => SourceSettingsBody)
  settings?: SourceSettingsBody;

  @OptionalField()
  @NestedField(() => SourceSecretsBody)
  secrets?: SourceSecretsBody;
}

/**
 * What is left out stays; a setting or a secret that is null is removed. Of a source whose secrets cannot be decrypted, all
 * are to be given at once: those that are left out are gone.
 */
export class UpdateSourceBody extends DisablingFields {
  /**
   * Another name; refused while routes name the source by the one that it has.
   * @example 'Groove of the shop'
   */
  @OptionalField()
  @IsName()
  name?: string;

  /** As when a source is made; null removes a setting. */
  @ApiPropertyOptional({ type: () => SourceSettingsBody })
  @OptionalField()
  @IsObject()
  settings?: Record<string, unknown>;

  /** As when a source is made; null removes a secret. */
  @ApiPropertyOptional({ type: () => SourceSecretsBody })
  @OptionalField()
  @IsObject()
  secrets?: Record<string, unknown>;
}

export class RotateTokenBody {
  /**
   * How long the token until now is let in beside the new one, in seconds; 0 = not at all. Default: a day.
   * @example 86400
   */
  @OptionalField()
  @IsInt()
  @Min(0)
  @Max(SECONDS_PER_WEEK)
  grace_seconds?: number;
}

export class SourceView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  id!: string;

  /** @example 'Groove of the shop' */
  name!: string;

  /** @example 'groove' */
  provider!: string;

  settings!: SourceSettingsBody;

  /** Since when its hook answers 404 and its keys are refused; null = it is enabled. */
  disabled_at!: Date | null;

  /** Until when the hook URL before the last rotation is let in; null = only the present one is. */
  previous_token_until!: Date | null;

  /**
   * Whether its secrets cannot be decrypted: its webhooks are answered with 503 until they are given anew by `PATCH`.
   * @example false
   */
  secret_unreadable!: boolean;

  /** When the log has heard it last, whatever became of that; null = never. */
  last_event_at!: Date | null;

  /** When it was heard last, where it has been silent for longer than it uses to be; null = it has not. */
  silent_since!: Date | null;

  /**
   * Grows with every change; the same as its ETag.
   * @example 3
   */
  version!: number;

  created_at!: Date;
}

/** An answer that shows the hook URL, token and all, this once. */
export class NewSourceView extends SourceView {
  /**
   * Where the helpdesk posts.
   * @example 'https://deskwire.example.com/hooks/groove/…'
   */
  hook_url!: string;
}
