import { IsIn, IsUUID } from 'class-validator';
import { IsInstant } from '../http/instant-field.js';
import { IsName } from '../http/name-field.js';
import { API_ROLES, type ApiRole } from '../http/required-role.js';
import { OptionalField } from '../http/optional-field.js';

export class CreateApiKeyBody {
  @IsName()
  name!: string;

  @IsIn(API_ROLES)
  role!: ApiRole;

  /** Required for `ingest`: the source whose events the key posts. */
  @OptionalField()
  @IsUUID()
  source_id?: string;

  @OptionalField()
  @IsInstant()
  expires_at?: string;
}

export class ApiKeyView {
  id!: string;
  name!: string;
  role!: ApiRole;
  source_id!: string | null;
  expires_at!: Date | null;
  last_used_at!: Date | null;
  revoked_at!: Date | null;
  created_at!: Date;
}

/** The one answer that shows the key. */
export class NewApiKeyView extends ApiKeyView {
  key!: string;
}
