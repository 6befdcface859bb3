import { Column, Entity } from 'typeorm';
import { ManagedEntity } from '../database/managed-entity.js';
import type { SourceSettingsBody } from './source.dto.js';

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

  /** The same token, encrypted. */
  @Column('text', { select: false })
  token!: string;

  /** Encrypted JSON of `SourceSecrets`; null = none. */
  @Column('text', { nullable: true })
  secrets!: string | null;
}
