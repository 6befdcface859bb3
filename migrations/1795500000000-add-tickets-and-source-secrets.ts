import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The built-in ticket store, and secrets of sources: what their helpdesks sign with and what opens their APIs. Only
 * adds: the version before can run beside it.
 */
export class AddTicketsAndSourceSecrets1795500000000 implements MigrationInterface {
  name = 'AddTicketsAndSourceSecrets1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
-- encrypted JSON; null = none
alter table sources add column secrets text;

create table tickets (
  id uuid primary key,
  source_id uuid not null references sources (id),
  -- the webhook that opened it, and its place among those that the webhook opened
  webhook_id uuid not null,
  position integer not null,
  -- the key that its events have: its id, or what the system that it came from calls it
  ticket_key text not null,
  title text not null,
  description text not null,
  category text not null,
  priority text not null check (priority in ('low', 'medium', 'high', 'urgent')),
  status text not null,
  -- both empty where nobody was named
  user_id text not null,
  user_email text not null,
  metadata jsonb not null,
  -- grows with every change
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  resolved_at timestamptz
);
create index tickets_source on tickets (source_id, id);
create index tickets_webhook on tickets (webhook_id, position);
`;

const DOWN = `
drop table tickets;
alter table sources drop column secrets;
`;
