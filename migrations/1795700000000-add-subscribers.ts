import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ticket desk: subscribers, which hear of its tickets without any route, the state of a service, and when a ticket
 * was closed. Only adds: the version before can run beside it, though it does not deliver what has no route.
 */
export class AddSubscribers1795700000000 implements MigrationInterface {
  name = 'AddSubscribers1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
-- null: a subscriber's
alter table deliveries alter column route_id drop not null;

-- hears of every ticket of the built-in store
alter table destinations add column is_subscriber boolean not null default false;

alter table tickets add column closed_at timestamptz;

-- no row: never said to be unavailable
create table service_states (
  source_id uuid primary key references sources (id),
  available boolean not null,
  changed_at timestamptz not null
);
`;

const DOWN = `
drop table service_states;
alter table tickets drop column closed_at;
delete from deliveries where route_id is null;
alter table destinations drop column is_subscriber;
alter table deliveries alter column route_id set not null;
`;
