import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which hooks of ours helpdesks have registered. Only adds: the version before can run beside it. */
export class AddSourceSubscriptions1795600000000 implements MigrationInterface {
  name = 'AddSourceSubscriptions1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
create table source_subscriptions (
  id uuid primary key,
  source_id uuid not null references sources (id),
  -- as the helpdesk calls it
  event text not null,
  -- the helpdesk's own, where it told one
  upstream_id text,
  -- what was registered, with most of the token left out: another token or address is another registration
  hook_url text not null,
  created_at timestamptz not null,
  constraint source_subscriptions_once unique (source_id, hook_url, event)
);
`;

const DOWN = `
drop table source_subscriptions;
`;
