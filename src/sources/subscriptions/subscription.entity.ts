import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A hook of ours that a helpdesk has registered, as far as we know. */
@Entity('source_subscriptions')
export class SourceSubscription {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'source_id' })
  sourceId!: string;

  /** As the helpdesk calls it. */
  @Column('text')
  event!: string;

  /** The helpdesk's own id, to remove it by; null = it told none. */
  @Column('text', { name: 'upstream_id', nullable: true })
  upstreamId!: string | null;

  /** What was registered, masked: see `mask-hook-url.ts`. */
  @Column('text', { name: 'hook_url' })
  hookUrl!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
