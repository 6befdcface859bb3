import { IsIn } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';
import type { ConfigKind } from './difference.js';

export class ApplyConfigQuery {
  /**
   * `true`: tells what would change, and changes nothing.
   * @example 'true'
   */
  @OptionalField()
  @IsIn(['true', 'false'])
  dry_run?: 'true' | 'false';
}

export class ConfigChangeView {
  kind!: ConfigKind;
  /** @example 'Urgent tickets' */
  name!: string;
  /**
   * In words, field by field; empty where the whole thing goes.
   * @example ['settings.channel: "support" becomes "billing"']
   */
  changes!: string[];
}

export class NewHookView {
  /** @example 'Groove EU' */
  source!: string;
  /**
   * Shown this once.
   * @example 'https://deskwire.example.org/hooks/groove/…'
   */
  hook_url!: string;
}

export class MadeSecretView {
  /** @example 'Data warehouse' */
  destination!: string;
  /**
   * Shown this once.
   * @example 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'
   */
  secret!: string;
}

export class ConfigDifferenceView {
  /** Whether nothing was changed. */
  dry_run!: boolean;
  create!: ConfigChangeView[];
  update!: ConfigChangeView[];
  delete!: ConfigChangeView[];
  /** Of sources that were made now. */
  hooks?: NewHookView[];
  /** Of webhooks that were made now without a secret of the environment. */
  secrets?: MadeSecretView[];
}
