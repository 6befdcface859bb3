import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { ManagedEntity } from '../database/managed-entity.js';
import type { Matcher } from './matcher.js';
import type { RouteSettingsBody } from './route.dto.js';

/** Matchers over a TicketEvent and where what matches goes. */
@Entity('routes')
export class Route extends ManagedEntity {
  /** From 1, unique; null once deleted. */
  @Column('integer', { nullable: true })
  position!: number | null;

  /** The catch-all of the first start: routes added without a position go before it. */
  @Column('boolean', { name: 'stays_last' })
  staysLast!: boolean;

  @Column('jsonb')
  matchers!: Matcher[];

  @Column('uuid', { name: 'destination_id' })
  destinationId!: string;

  @Column('jsonb')
  settings!: RouteSettingsBody;
}

/** A route as a revision keeps it: all that judging an event and rendering its message takes. */
export interface RouteSnapshot {
  id: string;
  name: string;
  position: number;
  matchers: Matcher[];
  destination_id: string;
  settings: RouteSettingsBody;
}

/** One state of all enabled routes. Events name the revision that judged them. */
@Entity('route_revisions')
export class RouteRevision {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('jsonb')
  routes!: RouteSnapshot[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
