import { Column, PrimaryColumn } from 'typeorm';

/** What everything that admins manage has. Deletes are soft, so that the log can still name it. */
export abstract class ManagedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** Counts the changes, for `If-Match`: also those of a route's place, by others that come or go above it. */
  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
