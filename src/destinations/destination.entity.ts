import { Column, Entity } from 'typeorm';
import { ManagedEntity } from '../database/managed-entity.js';
import type { DestinationSettingsBody } from './destination.dto.js';

/** Where messages go. */
@Entity('destinations')
export class Destination extends ManagedEntity {
  /** Which notifier serves it. */
  @Column('text')
  kind!: string;

  @Column('jsonb')
  settings!: DestinationSettingsBody;

  /** Encrypted JSON. */
  @Column('text')
  secrets!: string;
}
