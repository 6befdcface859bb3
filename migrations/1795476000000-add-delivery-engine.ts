import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What several processes need to deliver from one database: leases, doubts that outlive a process, topics with the
 * names that they have now, pauses, and notifications of what admins change. Only adds: the version before can run
 * beside it as `ROLE=api`; what delivers must be stopped first, since it knows no leases. The index over the log makes
 * webhooks wait while it is built.
 */
export class AddDeliveryEngine1795476000000 implements MigrationInterface {
  name = 'AddDeliveryEngine1795476000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
-- who alone sends for a destination, until when by the database's clock
create table destination_leases (
  destination_id uuid primary key,
  -- null once given up in good order
  owner uuid,
  -- grows with every owner: what an earlier one still writes does not count
  fence bigint not null,
  expires_at timestamptz not null,
  -- the newest message id that the receiver had told the owner at its last heartbeat
  newest_message_id bigint
);

-- what waits although its time has come: a destination, or one channel of it
create table pauses (
  destination_id uuid not null,
  -- empty = the whole destination
  channel text not null default '',
  reason text not null check (reason in ('auth', 'not_found', 'unreachable')),
  detail text,
  -- hash of the destination's settings and secrets: other ones end the pause
  settings_hash text not null,
  since timestamptz not null,
  next_probe_at timestamptz not null,
  -- an admin has ended it; whoever owns the destination lets everything go and removes the row
  resumed_at timestamptz,
  primary key (destination_id, channel)
);

-- the topics of threads, by the name that we gave them, with the name that they have now
create table topics (
  receiver text not null,
  -- both in lower case, as receivers compare them
  channel text not null,
  topic text not null,
  name text not null,
  -- a message of the topic, by which it is found and renamed
  message_id bigint,
  source_id uuid not null,
  ticket_key text not null,
  -- tickets other than the first one write here too
  is_shared boolean not null default false,
  -- the destination whose bot has still to resolve it
  resolve_by uuid,
  -- why it could not be resolved or reopened
  failure text,
  -- when the receiver was last asked for its name
  checked_at timestamptz not null,
  primary key (receiver, channel, topic)
);
create index topics_resolve_by on topics (resolve_by) where resolve_by is not null;
-- people may give two topics one name
create index topics_name on topics (receiver, channel, lower(name));

alter table deliveries
  -- the latest attempt
  add column attempt_id uuid,
  -- it may have arrived, and the receiver has not been asked yet
  add column in_doubt boolean not null default false,
  -- was refused as a part of a joined message
  add column send_alone boolean not null default false;

-- what waits for another try, or for an answer whether it arrived: few, whatever the length of the queue
create index deliveries_waiting on deliveries (destination_id, next_attempt_at) where state = 'pending' and tries > 0;

alter table attempts
  -- the leading attempt of the message that carried several deliveries; it has the message in content
  add column joined_id uuid,
  add column content text,
  -- the newest message id that the receiver had told us before
  add column newer_than bigint,
  -- what asking the receiver for an attempt in doubt came to
  add column looked_up text check (looked_up in ('found', 'absent', 'not_allowed', 'failed'));

create function notify_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('deskwire_changes', tg_table_name);
  return null;
end
$$;
create trigger sources_changed after insert or update or delete on sources
  for each statement execute function notify_change();
create trigger destinations_changed after insert or update or delete on destinations
  for each statement execute function notify_change();
create trigger route_revisions_changed after insert on route_revisions
  for each statement execute function notify_change();
create trigger pauses_changed after insert or update or delete on pauses
  for each statement execute function notify_change();
`;

const DOWN = `
drop trigger route_revisions_changed on route_revisions;
drop trigger destinations_changed on destinations;
drop trigger sources_changed on sources;
alter table attempts drop column joined_id, drop column content, drop column newer_than, drop column looked_up;
drop index deliveries_waiting;
alter table deliveries drop column attempt_id, drop column in_doubt, drop column send_alone;
drop table topics;
drop table pauses;
drop table destination_leases;
drop function notify_change();
`;
