import { Column, Entity } from 'typeorm';
import { ManagedEntity } from '../database/managed-entity.js';
import type { DestinationSettings } from './destination-settings.dto.js';

/** Where messages go. */
@Entity('destinations')
export class Destination extends ManagedEntity {
  /** Which notifier serves it. */
  @Column('text')
  kind!: string;

  @Column('jsonb')
  settings!: DestinationSettings;

  /** Encrypted JSON. */
  @Column('text')
  secrets!: string;

  /** A callback of the ticket desk: it gets the events of its tickets whatever the routes say. */
  @Column('boolean', { name: 'is_subscriber' })
  isSubscriber!: boolean;

  /** Where a subscriber is called, in one spelling: there is one subscriber for each address. */
  @Column('text', { name: 'subscriber_url', nullable: true })
  subscriberUrl!: string | null;
}
