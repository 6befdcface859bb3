import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables of the main road. Events, deliveries and attempts are partitioned by range of their UUIDv7, which begins
 * with the time, so that the primary key is the id alone and old months can be dropped whole; their partitions are made
 * by the application ahead of need (`src/database/partitions.ts`). There are no foreign keys among them. What admins
 * manage is deleted softly, so that the log can still name it.
 */
export class CreateGateway1795132800000 implements MigrationInterface {
  name = 'CreateGateway1795132800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
create table sources (
  id uuid primary key,
  name text not null,
  provider text not null,
  settings jsonb not null default '{}',
  token_hash bytea not null unique,
  -- encrypted: shown to a helpdesk again when our hook is registered there
  token text not null,
  disabled_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index sources_name on sources (lower(name)) where deleted_at is null;

create table destinations (
  id uuid primary key,
  name text not null,
  kind text not null,
  settings jsonb not null default '{}',
  -- encrypted JSON
  secrets text not null,
  disabled_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index destinations_name on destinations (lower(name)) where deleted_at is null;

create table routes (
  id uuid primary key,
  name text not null,
  -- null once deleted; deferrable, since a new route moves the later ones down in one statement
  position integer check (position >= 1),
  -- the catch-all of the first start: routes added without a position go before it
  stays_last boolean not null default false,
  matchers jsonb not null default '[]',
  destination_id uuid not null references destinations (id),
  settings jsonb not null default '{}',
  disabled_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint routes_position unique (position) deferrable initially deferred
);
create unique index routes_name on routes (lower(name)) where deleted_at is null;

-- every state that the routes have been in; an event names the one that judged it
create table route_revisions (
  id bigint generated always as identity primary key,
  routes jsonb not null,
  created_at timestamptz not null default now()
);

create table api_keys (
  id uuid primary key,
  name text not null,
  role text not null check (role in ('admin', 'auditor', 'ingest')),
  source_id uuid references sources (id),
  key_hash bytea not null unique,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);

-- what makes a second delivery of the same webhook a duplicate, for as long as it is remembered
create table deduplication_keys (
  source_id uuid not null,
  key text not null,
  event_id uuid not null,
  expires_at timestamptz not null,
  primary key (source_id, key)
);
create index deduplication_keys_expires_at on deduplication_keys (expires_at);

-- the topic that a ticket's first message chose
create table threads (
  destination_id uuid not null,
  channel text not null,
  source_id uuid not null,
  ticket_key text not null,
  -- hash of the route's topic template; empty for the default topic
  template text not null,
  topic text not null,
  created_at timestamptz not null,
  primary key (destination_id, channel, source_id, ticket_key, template)
);

create table events (
  id uuid primary key,
  -- the first event of the same webhook, which keeps the raw request
  webhook_id uuid not null,
  source_id uuid not null,
  outcome text not null check (outcome in ('accepted', 'duplicate', 'unsupported', 'rejected')),
  type text,
  native_type text,
  ticket_key text,
  ticket_number text,
  received_at timestamptz not null,
  -- the TicketEvent, in snake_case
  event jsonb,
  duplicate_of uuid,
  -- why a webhook was not accepted: a stable code, and words
  reason text,
  detail text,
  route_revision bigint,
  raw_headers jsonb,
  raw_body bytea
) partition by range (id);
create index events_source on events (source_id, id);

-- the order of acceptance, the same for all processes
create sequence delivery_sequence as bigint;

-- the delivery log, which is also the queue
create table deliveries (
  id uuid primary key,
  event_id uuid not null,
  source_id uuid not null,
  route_id uuid not null,
  destination_id uuid not null,
  type text not null,
  ticket_key text,
  ticket_number text,
  -- deliveries of one lane (source and ticket, within the destination) keep their order
  lane text not null,
  sequence bigint not null,
  -- an earlier delivery of the same event goes to the same destination, perhaps to the same place
  has_sibling boolean not null default false,
  state text not null check (state in ('pending', 'sending', 'delivered', 'dead', 'cancelled', 'skipped')),
  -- tries that count against the retry schedule; all tries, which number the attempts
  attempts integer not null default 0,
  tries integer not null default 0,
  next_attempt_at timestamptz,
  channel text,
  topic text,
  content text,
  message_id bigint,
  reason text,
  detail text,
  created_at timestamptz not null,
  finished_at timestamptz
) partition by range (id);
-- the queue: small however long the log grows
create index deliveries_queue on deliveries (destination_id, sequence) where state in ('pending', 'sending');
create index deliveries_event on deliveries (event_id);
create index deliveries_source on deliveries (source_id, id);

create table attempts (
  id uuid primary key,
  delivery_id uuid not null,
  number integer not null,
  started_at timestamptz not null,
  duration_ms integer,
  -- null while it lasts
  outcome text check (outcome in ('sent', 'retry', 'rejected')),
  reason text,
  http_status integer,
  response text,
  message_id bigint,
  in_doubt boolean not null default false
) partition by range (id);
create index attempts_delivery on attempts (delivery_id);
`;

const DOWN = `
drop table attempts;
drop table deliveries;
drop sequence delivery_sequence;
drop table events;
drop table threads;
drop table deduplication_keys;
drop table api_keys;
drop table route_revisions;
drop table routes;
drop table destinations;
drop table sources;
`;
