import { Column, Entity } from 'typeorm';
import { ManagedEntity } from '../database/managed-entity.js';
import type { SourceSettingsBody } from './source-settings.dto.js';

/** One helpdesk installation. */
@Entity('sources')
export class Source extends ManagedEntity {
  @Column('text')
  provider!: string;

  @Column('jsonb')
  settings!: SourceSettingsBody;

  /** SHA-256 of the token in the hook URL. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  /** Of the token before the last rotation, which is let in until then; null = none. */
  @Column('bytea', { name: 'previous_token_hash', nullable: true })
  previousTokenHash!: Buffer | null;

  @Column('timestamptz', { name: 'previous_token_until', nullable: true })
  previousTokenUntil!: Date | null;

  /** The token, encrypted. */
  @Column('text', { select: false })
  token!: string;

  /** Encrypted JSON of `SourceSecrets`; null = none. */
  @Column('text', { nullable: true })
  secrets!: string | null;
}
