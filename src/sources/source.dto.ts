import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsName } from '../http/name-field.js';
import { OptionalField } from '../http/optional-field.js';
import { NestedField } from '../http/nested-field.js';

const SECONDS_PER_WEEK = 604_800;

export class SourceSettingsBody {
  /** How long a webhook without a delivery id is remembered, in seconds; 0 = never a duplicate. Default 600. */
  @OptionalField()
  @IsInt()
  @Min(0)
  @Max(SECONDS_PER_WEEK)
  deduplicate_seconds?: number;
}

export class CreateSourceBody {
  @IsName()
  name!: string;

  /** The kind of helpdesk, e.g. `groove`. */
  @IsString()
  @MaxLength(50)
  provider!: string;

  @OptionalField()
  @NestedField(() => SourceSettingsBody)
  settings?: SourceSettingsBody;
}

export class SourceView {
  id!: string;
  name!: string;
  provider!: string;
  settings!: SourceSettingsBody;
  disabled_at!: Date | null;
  created_at!: Date;
}

/** The one answer that shows the hook URL, token and all. */
export class NewSourceView extends SourceView {
  hook_url!: string;
}
