import { Column, Entity } from 'typeorm';
import { ManagedEntity } from '../database/managed-entity.js';

/** One helpdesk installation. */
@Entity('sources')
export class Source extends ManagedEntity {
  @Column('text')
  provider!: string;

  @Column('jsonb')
  settings!: SourceSettingsDocument;

  /** SHA-256 of the token in the hook URL. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  /** The same token, encrypted. */
  @Column('text', { select: false })
  token!: string;
}

/** What an admin may set of any source. */
export interface SourceSettingsDocument {
  /** How long a webhook without a delivery id of its own is remembered as a duplicate; 0 = never. */
  deduplicate_seconds?: number;
}
