import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Versions of what admins manage, the record of their changes, requests that are done once, former hook tokens, and when
 * sources spoke. Only adds: the version before can run beside it.
 */
export class AddAdministration1795900000000 implements MigrationInterface {
  name = 'AddAdministration1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
-- what ETag and If-Match tell apart
alter table sources add column version integer not null default 1;
alter table destinations add column version integer not null default 1;
alter table routes add column version integer not null default 1;
alter table api_keys add column version integer not null default 1;

-- the token before the last rotation, which is let in until then
alter table sources add column previous_token_hash bytea;
alter table sources add column previous_token_until timestamptz;

-- how a source uses to speak; written every minute from what the log has
create table source_activity (
  source_id uuid primary key references sources (id),
  last_event_at timestamptz not null,
  -- when it was first heard, or was enabled again: silence before that says nothing
  watched_since timestamptz not null,
  -- the longest silence in the present period of observation, and in the one before
  longest_gap_seconds double precision not null default 0,
  previous_gap_seconds double precision not null default 0,
  period_began_at timestamptz not null,
  -- when its silence was logged; null while it speaks
  warned_at timestamptz
);

-- an admin's own pause: neither probed nor ended by other settings
alter table pauses drop constraint pauses_reason_check;
alter table pauses add constraint pauses_reason_check check (reason in ('auth', 'not_found', 'unreachable', 'paused'));

-- posts that are done once, with what was answered, secrets left out
create table idempotency_keys (
  key_id uuid not null references api_keys (id),
  key text not null,
  fingerprint bytea not null,
  answer jsonb,
  expires_at timestamptz not null,
  primary key (key_id, key)
);
create index idempotency_keys_expires_at on idempotency_keys (expires_at);

-- who changed what; what it says of people stands in change_people, where it can be erased
create table changes (
  id uuid primary key,
  request_id uuid not null,
  at timestamptz not null,
  via text not null check (via in ('api', 'start', 'command', 'deskwire')),
  key_id uuid references api_keys (id),
  address uuid,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject_name text not null,
  before jsonb,
  after jsonb
);
create index changes_subject on changes (subject_id, id);
create index changes_key on changes (key_id, id);
create index changes_request on changes (request_id);

create table change_people (
  id uuid primary key,
  -- null once it was erased
  value text
);
create index change_people_value on change_people (md5(lower(value)));

create function deskwire_keep_changes() returns trigger language plpgsql as $$
begin
  raise exception 'the record of changes is append-only' using errcode = 'restrict_violation';
end
$$;
create trigger changes_keep before update or delete or truncate on changes
  for each statement execute function deskwire_keep_changes();
create trigger change_people_keep before delete or truncate on change_people
  for each statement execute function deskwire_keep_changes();

create function deskwire_only_erase() returns trigger language plpgsql as $$
begin
  if new.value is not null or new.id <> old.id then
    raise exception 'the record of changes is append-only' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger change_people_only_erase before update on change_people
  for each row execute function deskwire_only_erase();
`;

const DOWN = `
drop table changes;
drop table change_people;
drop function deskwire_keep_changes();
drop function deskwire_only_erase();
drop table idempotency_keys;
delete from pauses where reason = 'paused';
alter table pauses drop constraint pauses_reason_check;
alter table pauses add constraint pauses_reason_check check (reason in ('auth', 'not_found', 'unreachable'));
drop table source_activity;
alter table sources drop column previous_token_until;
alter table sources drop column previous_token_hash;
alter table api_keys drop column version;
alter table routes drop column version;
alter table destinations drop column version;
alter table sources drop column version;
`;
