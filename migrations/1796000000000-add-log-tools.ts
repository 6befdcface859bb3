import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What questions about a long log need: words to search by, summaries to count by, who was replayed by whom, who read
 * what. Only adds: the version before can run beside it.
 */
export class AddLogTools1796000000000 implements MigrationInterface {
  name = 'AddLogTools1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

/*
 * What stands between words, in a bracket expression: ASCII's punctuation, and the spaces, dashes, quotes and stops of
 * Unicode, spelled out, since what the parser takes for a letter depends on the locale of the database: in C, all beyond
 * ASCII.
 */
const BETWEEN_WORDS =
  '[:space:]!-/:-@\\[-`{-~\\u00a0\\u00a1\\u00ab\\u00b7\\u00bb\\u00bf\\u1680\\u2000-\\u206f' +
  '\\u3000-\\u3003\\u3008-\\u301f\\u3030\\ufeff\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65';

const UP = `
-- whether any route or subscriber took it; null of what is no accepted event, and of what an earlier version stored
alter table events add column matched boolean;

-- the delivery that is sent again by this one, and whose key asked for that
alter table deliveries add column replay_of uuid;
alter table deliveries add column replayed_by uuid;

-- the words of a text, in lower case, without what stands between them: addresses are found by their parts
create function deskwire_words(document text) returns tsvector
language sql immutable parallel safe as $$
  select strip(to_tsvector('simple',
    regexp_replace(coalesce(document, ''), '[${BETWEEN_WORDS}]+', ' ', 'g')))
$$;

-- what a question asks for: all of its words, and what begins with a word that a star follows; where the parser splits
-- one further, its parts need not follow each other, since the index does not know where words stand
create function deskwire_question(words text) returns tsquery
language sql immutable parallel safe as $$
  select regexp_replace(
    to_tsquery('simple', coalesce(string_agg('''' || word[1] || '''' || replace(word[2], '*', ':*'), ' & '), ''))::text,
    '<(-|[0-9]+)>', '&', 'g')::tsquery
  from regexp_matches(words, '([^${BETWEEN_WORDS}]+)(\\*?)', 'g') word
$$;

-- what an event can be found by: subject, people, message
create function deskwire_event_text(event jsonb) returns text
language sql immutable parallel safe as $$
  select concat_ws(' ',
    event #>> '{ticket,key}', event #>> '{ticket,number}', event #>> '{ticket,title}',
    event #>> '{ticket,requester,name}', event #>> '{ticket,requester,email}',
    event #>> '{ticket,assignee,name}', event #>> '{ticket,assignee,email}',
    event #>> '{actor,name}', event #>> '{actor,email}', event #>> '{person,name}', event #>> '{person,email}',
    event #>> '{message,text}')
$$;

-- the words of events and, with their event's, of deliveries; written a while after the rows themselves
create table event_words (
  id uuid primary key,
  words tsvector not null
) partition by range (id);
create index event_words_words on event_words using gin (words) with (fastupdate = off);

create table delivery_words (
  id uuid primary key,
  words tsvector not null
) partition by range (id);
create index delivery_words_words on delivery_words using gin (words) with (fastupdate = off);

-- how far the log has been followed by what comes after it
create table log_marks (
  name text primary key,
  -- everything before it is done
  id uuid not null
);
insert into log_marks (name, id) values
  ('event_words', '00000000-0000-0000-0000-000000000000'),
  ('delivery_words', '00000000-0000-0000-0000-000000000000');

-- finished deliveries by the hour in which they ended, written in the commit that ends them
create table delivery_summaries (
  hour timestamptz not null,
  destination_id uuid not null,
  source_id uuid not null,
  -- null for a subscriber's
  route_id uuid,
  state text not null,
  -- empty where there is none
  reason text not null,
  count bigint not null,
  constraint delivery_summaries_once unique nulls not distinct (hour, destination_id, source_id, route_id, state, reason)
);

-- how long things took, by the hour in which they ended: step n holds what took less than 2^((n + 1) / 4) ms
create table latency_summaries (
  hour timestamptz not null,
  destination_id uuid not null,
  kind text not null check (kind in ('end_to_end', 'attempt')),
  step smallint not null,
  count bigint not null,
  primary key (hour, destination_id, kind, step)
);

-- webhooks by the hour in which they came, counted a while later
create table event_summaries (
  hour timestamptz not null,
  source_id uuid not null,
  outcome text not null,
  count bigint not null,
  primary key (hour, source_id, outcome)
);

-- who looked at what a helpdesk sent, word for word
create table raw_reads (
  id uuid primary key,
  at timestamptz not null,
  event_id uuid not null,
  key_id uuid not null references api_keys (id),
  -- in change_people, where it can be erased
  address uuid
);
create index raw_reads_event on raw_reads (event_id, id);
create index raw_reads_key on raw_reads (key_id, id);
create trigger raw_reads_keep before update or delete or truncate on raw_reads
  for each statement execute function deskwire_keep_changes();
`;

const DOWN = `
drop table raw_reads;
drop table event_summaries;
drop table latency_summaries;
drop table delivery_summaries;
drop table log_marks;
drop table delivery_words;
drop table event_words;
drop function deskwire_event_text(jsonb);
drop function deskwire_question(text);
drop function deskwire_words(text);
alter table deliveries drop column replayed_by;
alter table deliveries drop column replay_of;
alter table events drop column matched;
`;
