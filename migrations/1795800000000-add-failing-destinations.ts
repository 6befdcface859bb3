import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks that fail, and one subscriber for each address. Only adds: the version before can run beside it. */
export class AddFailingDestinations1795800000000 implements MigrationInterface {
  name = 'AddFailingDestinations1795800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
-- where a subscriber is called, in one spelling; null of whatever is none
alter table destinations add column subscriber_url text;
create unique index destinations_subscriber_url on destinations (subscriber_url) where deleted_at is null;

-- what has had no success for a while; gone with the next one
create table failing_destinations (
  destination_id uuid primary key references destinations (id),
  since timestamptz not null,
  warned_at timestamptz,
  -- why it was disabled, if it was
  disabled_because text check (disabled_because in ('gone', 'failing'))
);
`;

const DOWN = `
drop table failing_destinations;
drop index destinations_subscriber_url;
alter table destinations drop column subscriber_url;
`;
