import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexPartitions } from './index-partitions.js';
import { indexTable } from './index-table.js';

/** Name, table, and what follows `on table`. Every filter of the log has an index that answers in the order of ids. */
const INDEXES = [
  ['deliveries_destination', 'deliveries', '(destination_id, id)'],
  ['deliveries_route', 'deliveries', '(route_id, id)'],
  ['deliveries_type', 'deliveries', '(type, id)'],
  ['deliveries_ticket', 'deliveries', '(ticket_key, id) where ticket_key is not null'],
  ['deliveries_ticket_number', 'deliveries', '(ticket_number, id) where ticket_number <> ticket_key'],
  ['deliveries_state', 'deliveries', "(state, id) where state <> 'delivered'"],
  ['deliveries_reason', 'deliveries', '(reason, id) where reason is not null'],
  ['deliveries_replay_of', 'deliveries', '(replay_of) where replay_of is not null'],
  ['deliveries_detail', 'deliveries', 'using gin (deskwire_words(detail)) where detail is not null'],
  ['events_type', 'events', '(type, id) where type is not null'],
  ['events_native_type', 'events', '(native_type, id) where native_type is not null'],
  ['events_outcome', 'events', "(outcome, id) where outcome <> 'accepted'"],
  ['events_ticket', 'events', '(ticket_key, id) where ticket_key is not null'],
  ['events_ticket_number', 'events', '(ticket_number, id) where ticket_number <> ticket_key'],
  ['events_unmatched', 'events', '(matched, id) where not matched'],
] as const;

/** By which a ticket's topics are found, to be erased. */
const TABLE_INDEXES = [
  ['threads_ticket', 'threads', '(ticket_key)'],
  ['topics_ticket', 'topics', '(ticket_key)'],
] as const;

/**
 * Indexes for every filter of the log, each partition's built while webhooks go on being stored. Takes as long as the
 * log is long; may be interrupted and begun again.
 */
export class IndexLog1796100000000 implements MigrationInterface {
  name = 'IndexLog1796100000000';
  /** `create index concurrently` refuses to run in one. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table, definition] of INDEXES) await indexPartitions(runner, name, table, definition);
    for (const [name, table, definition] of TABLE_INDEXES) await indexTable(runner, name, table, definition);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of [...INDEXES, ...TABLE_INDEXES]) await runner.query(`drop index if exists ${name}`);
  }
}
