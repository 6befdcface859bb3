import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type ApiRole } from '../http/required-role.js';

/**
 * An API key: only its hash is stored, the key itself is shown once. It is never deleted, since the record of changes
 * names it; revoked it stays as it is.
 */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  /** Not unique: a new key may take the name of the one that it is to replace. */
  @Column('text')
  name!: string;

  @Column('text')
  role!: ApiRole;

  /** The source whose events an `ingest` key posts. */
  @Column('uuid', { name: 'source_id', nullable: true })
  sourceId!: string | null;

  @Column('bytea', { name: 'key_hash', select: false })
  keyHash!: Buffer;

  /** Counts the changes, for `If-Match`; being used is none. */
  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
