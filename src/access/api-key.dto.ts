import { IsIn, IsUUID } from 'class-validator';
import { IsInstant } from '../http/instant-field.js';
import { IsName } from '../http/name-field.js';
import { NullableField } from '../http/nullable-field.js';
import { OptionalField } from '../http/optional-field.js';
import { API_ROLES, type ApiRole } from '../http/required-role.js';
import type { ApiKey } from './api-key.entity.js';

export class CreateApiKeyBody {
  /**
   * For people. Not unique: a new key may take the name of the one that it is to replace.
   * @example 'Zendesk import'
   */
  @IsName()
  name!: string;

  /**
   * `admin`: everything; `auditor`: reads; `ingest`: posts events of its source.
   * @example 'ingest'
   */
  @IsIn(API_ROLES)
  role!: ApiRole;

  /**
   * Required for `ingest`, and for nothing else: the source whose events the key posts.
   * @example '01939f3c-5c00-7000-8000-000000000001'
   */
  @OptionalField()
  @IsUUID()
  source_id?: string;

  /**
   * From when on the key is no longer valid, in the future; null or left out: never.
   * @example '2027-01-01T00:00:00Z'
   */
  @NullableField()
  @IsInstant()
  expires_at?: string | null;
}

/** What is left out stays. Role and source of a key never change: make another key. */
export class UpdateApiKeyBody {
  /**
   * Another name.
   * @example 'Zendesk import (old)'
   */
  @OptionalField()
  @IsName()
  name?: string;

  /**
   * From when on the key is no longer valid, in the future; null: never.
   * @example '2027-01-01T00:00:00Z'
   */
  @NullableField()
  @IsInstant()
  expires_at?: string | null;
}

export class ApiKeyView {
  /** @example '01939f3c-5c00-7000-8000-00000000000a' */
  id!: string;
  /** @example 'Zendesk import' */
  name!: string;
  /** @example 'ingest' */
  role!: ApiRole;
  /**
   * The source whose events an `ingest` key posts.
   * @example '01939f3c-5c00-7000-8000-000000000001'
   */
  source_id!: string | null;
  /**
   * From when on it is no longer valid; null: never.
   * @example '2027-01-01T00:00:00.000Z'
   */
  expires_at!: Date | null;
  /**
   * To the minute; null: never yet.
   * @example '2026-03-01T12:00:00.000Z'
   */
  last_used_at!: Date | null;
  /**
   * From when on it was no longer valid, by an admin; null: it is not revoked.
   * @example null
   */
  revoked_at!: Date | null;
  /**
   * Counts the changes; the same as its `ETag`.
   * @example 1
   */
  version!: number;
  /** @example '2026-01-01T00:00:00.000Z' */
  created_at!: Date;
}

/** The one answer that shows the key. */
export class NewApiKeyView extends ApiKeyView {
  /**
   * Shown this once. Left out where a request with the same `Idempotency-Key` is answered again.
   * @example 'dw_Xq3vT0b1mS8dP5nJ7kL2wZ4yA6cE9fG1hR3tU5iO7pB'
   */
  key?: string;
}

export function toApiKeyView(row: ApiKey): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    source_id: row.sourceId,
    expires_at: row.expiresAt,
    last_used_at: row.lastUsedAt,
    revoked_at: row.revokedAt,
    version: row.version,
    created_at: row.createdAt,
  };
}
