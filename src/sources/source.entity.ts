import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One helpdesk installation. */
@Entity('sources')
export class Source {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

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

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** What an admin may set of any source. */
export interface SourceSettingsDocument {
  /** How long a webhook without a delivery id of its own is remembered as a duplicate; 0 = never. */
  deduplicate_seconds?: number;
}
