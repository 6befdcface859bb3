import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DestinationSettingsBody } from './destination.dto.js';

/** Where messages go. */
@Entity('destinations')
export class Destination {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** Which notifier serves it. */
  @Column('text')
  kind!: string;

  @Column('jsonb')
  settings!: DestinationSettingsBody;

  /** Encrypted JSON. */
  @Column('text')
  secrets!: string;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
