-- The schema as the migrations make it; partitions by month are left out. Compared by a test.

create table api_keys (
  id uuid not null,
  name text not null,
  role text not null,
  source_id uuid,
  key_hash bytea not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'auditor'::text, 'ingest'::text]))),
  constraint api_keys_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id)
);

create table attempts (
  id uuid not null,
  delivery_id uuid not null,
  number integer not null,
  started_at timestamp with time zone not null,
  duration_ms integer,
  outcome text,
  reason text,
  http_status integer,
  response text,
  message_id bigint,
  in_doubt boolean not null default false,
  joined_id uuid,
  content text,
  newer_than bigint,
  looked_up text,
  constraint attempts_looked_up_check CHECK ((looked_up = ANY (ARRAY['found'::text, 'absent'::text, 'not_allowed'::text, 'failed'::text]))),
  constraint attempts_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'retry'::text, 'rejected'::text]))),
  constraint attempts_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX attempts_delivery ON ONLY public.attempts USING btree (delivery_id);

create table change_people (
  id uuid not null,
  value text,
  constraint change_people_pkey PRIMARY KEY (id)
);
CREATE INDEX change_people_value ON public.change_people USING btree (md5(lower(value)));

create table changes (
  id uuid not null,
  request_id uuid not null,
  at timestamp with time zone not null,
  via text not null,
  key_id uuid,
  address uuid,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject_name text not null,
  before jsonb,
  after jsonb,
  constraint changes_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id),
  constraint changes_pkey PRIMARY KEY (id),
  constraint changes_via_check CHECK ((via = ANY (ARRAY['api'::text, 'start'::text, 'command'::text, 'deskwire'::text])))
);
CREATE INDEX changes_key ON public.changes USING btree (key_id, id);
CREATE INDEX changes_request ON public.changes USING btree (request_id);
CREATE INDEX changes_subject ON public.changes USING btree (subject_id, id);

create table deduplication_keys (
  source_id uuid not null,
  key text not null,
  event_id uuid not null,
  expires_at timestamp with time zone not null,
  constraint deduplication_keys_pkey PRIMARY KEY (source_id, key)
);
CREATE INDEX deduplication_keys_expires_at ON public.deduplication_keys USING btree (expires_at);

create table deliveries (
  id uuid not null,
  event_id uuid not null,
  source_id uuid not null,
  route_id uuid,
  destination_id uuid not null,
  type text not null,
  ticket_key text,
  ticket_number text,
  lane text not null,
  sequence bigint not null,
  has_sibling boolean not null default false,
  state text not null,
  attempts integer not null default 0,
  tries integer not null default 0,
  next_attempt_at timestamp with time zone,
  channel text,
  topic text,
  content text,
  message_id bigint,
  reason text,
  detail text,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  attempt_id uuid,
  in_doubt boolean not null default false,
  send_alone boolean not null default false,
  replay_of uuid,
  replayed_by uuid,
  traceparent text,
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'delivered'::text, 'dead'::text, 'cancelled'::text, 'skipped'::text])))
) partition by RANGE (id);
CREATE INDEX deliveries_destination ON ONLY public.deliveries USING btree (destination_id, id);
CREATE INDEX deliveries_detail ON ONLY public.deliveries USING gin (deskwire_words(detail)) WHERE (detail IS NOT NULL);
CREATE INDEX deliveries_event ON ONLY public.deliveries USING btree (event_id);
CREATE INDEX deliveries_queue ON ONLY public.deliveries USING btree (destination_id, sequence) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text]));
CREATE INDEX deliveries_reason ON ONLY public.deliveries USING btree (reason, id) WHERE (reason IS NOT NULL);
CREATE INDEX deliveries_replay_of ON ONLY public.deliveries USING btree (replay_of) WHERE (replay_of IS NOT NULL);
CREATE INDEX deliveries_route ON ONLY public.deliveries USING btree (route_id, id);
CREATE INDEX deliveries_source ON ONLY public.deliveries USING btree (source_id, id);
CREATE INDEX deliveries_state ON ONLY public.deliveries USING btree (state, id) WHERE (state <> 'delivered'::text);
CREATE INDEX deliveries_ticket ON ONLY public.deliveries USING btree (ticket_key, id) WHERE (ticket_key IS NOT NULL);
CREATE INDEX deliveries_ticket_number ON ONLY public.deliveries USING btree (ticket_number, id) WHERE (ticket_number <> ticket_key);
CREATE INDEX deliveries_type ON ONLY public.deliveries USING btree (type, id);
CREATE INDEX deliveries_waiting ON ONLY public.deliveries USING btree (destination_id, next_attempt_at) WHERE ((state = 'pending'::text) AND (tries > 0));

create table delivery_summaries (
  hour timestamp with time zone not null,
  destination_id uuid not null,
  source_id uuid not null,
  route_id uuid,
  state text not null,
  reason text not null,
  count bigint not null,
  constraint delivery_summaries_once UNIQUE NULLS NOT DISTINCT (hour, destination_id, source_id, route_id, state, reason)
);

create table delivery_words (
  id uuid not null,
  words tsvector not null,
  constraint delivery_words_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX delivery_words_words ON ONLY public.delivery_words USING gin (words) WITH (fastupdate=off);

create table destination_leases (
  destination_id uuid not null,
  owner uuid,
  fence bigint not null,
  expires_at timestamp with time zone not null,
  newest_message_id bigint,
  constraint destination_leases_pkey PRIMARY KEY (destination_id)
);

create table destinations (
  id uuid not null,
  name text not null,
  kind text not null,
  settings jsonb not null default '{}'::jsonb,
  secrets text not null,
  disabled_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  is_subscriber boolean not null default false,
  subscriber_url text,
  version integer not null default 1,
  constraint destinations_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX destinations_name ON public.destinations USING btree (lower(name)) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX destinations_subscriber_url ON public.destinations USING btree (subscriber_url) WHERE (deleted_at IS NULL);

create table event_summaries (
  hour timestamp with time zone not null,
  source_id uuid not null,
  outcome text not null,
  count bigint not null,
  constraint event_summaries_pkey PRIMARY KEY (hour, source_id, outcome)
);

create table event_words (
  id uuid not null,
  words tsvector not null,
  constraint event_words_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX event_words_words ON ONLY public.event_words USING gin (words) WITH (fastupdate=off);

create table events (
  id uuid not null,
  webhook_id uuid not null,
  source_id uuid not null,
  outcome text not null,
  type text,
  native_type text,
  ticket_key text,
  ticket_number text,
  received_at timestamp with time zone not null,
  event jsonb,
  duplicate_of uuid,
  reason text,
  detail text,
  route_revision bigint,
  raw_headers jsonb,
  raw_body bytea,
  matched boolean,
  constraint events_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'duplicate'::text, 'unsupported'::text, 'rejected'::text]))),
  constraint events_pkey PRIMARY KEY (id)
) partition by RANGE (id);
CREATE INDEX events_native_type ON ONLY public.events USING btree (native_type, id) WHERE (native_type IS NOT NULL);
CREATE INDEX events_outcome ON ONLY public.events USING btree (outcome, id) WHERE (outcome <> 'accepted'::text);
CREATE INDEX events_source ON ONLY public.events USING btree (source_id, id);
CREATE INDEX events_ticket ON ONLY public.events USING btree (ticket_key, id) WHERE (ticket_key IS NOT NULL);
CREATE INDEX events_ticket_number ON ONLY public.events USING btree (ticket_number, id) WHERE (ticket_number <> ticket_key);
CREATE INDEX events_type ON ONLY public.events USING btree (type, id) WHERE (type IS NOT NULL);
CREATE INDEX events_unmatched ON ONLY public.events USING btree (matched, id) WHERE (NOT matched);

create table failing_destinations (
  destination_id uuid not null,
  since timestamp with time zone not null,
  warned_at timestamp with time zone,
  disabled_because text,
  constraint failing_destinations_destination_id_fkey FOREIGN KEY (destination_id) REFERENCES destinations(id),
  constraint failing_destinations_disabled_because_check CHECK ((disabled_because = ANY (ARRAY['gone'::text, 'failing'::text]))),
  constraint failing_destinations_pkey PRIMARY KEY (destination_id)
);

create table idempotency_keys (
  key_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  answer jsonb,
  expires_at timestamp with time zone not null,
  constraint idempotency_keys_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id),
  constraint idempotency_keys_pkey PRIMARY KEY (key_id, key)
);
CREATE INDEX idempotency_keys_expires_at ON public.idempotency_keys USING btree (expires_at);

create table latency_summaries (
  hour timestamp with time zone not null,
  destination_id uuid not null,
  kind text not null,
  step smallint not null,
  count bigint not null,
  constraint latency_summaries_kind_check CHECK ((kind = ANY (ARRAY['end_to_end'::text, 'attempt'::text]))),
  constraint latency_summaries_pkey PRIMARY KEY (hour, destination_id, kind, step)
);

create table log_marks (
  name text not null,
  id uuid not null,
  constraint log_marks_pkey PRIMARY KEY (name)
);

create table pauses (
  destination_id uuid not null,
  channel text not null default ''::text,
  reason text not null,
  detail text,
  settings_hash text not null,
  since timestamp with time zone not null,
  next_probe_at timestamp with time zone not null,
  resumed_at timestamp with time zone,
  constraint pauses_pkey PRIMARY KEY (destination_id, channel),
  constraint pauses_reason_check CHECK ((reason = ANY (ARRAY['auth'::text, 'not_found'::text, 'unreachable'::text, 'paused'::text])))
);

create table raw_reads (
  id uuid not null,
  at timestamp with time zone not null,
  event_id uuid not null,
  key_id uuid not null,
  address uuid,
  constraint raw_reads_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id),
  constraint raw_reads_pkey PRIMARY KEY (id)
);
CREATE INDEX raw_reads_event ON public.raw_reads USING btree (event_id, id);
CREATE INDEX raw_reads_key ON public.raw_reads USING btree (key_id, id);

create table route_revisions (
  id bigint not null generated always as identity,
  routes jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint route_revisions_pkey PRIMARY KEY (id)
);

create table routes (
  id uuid not null,
  name text not null,
  position integer,
  stays_last boolean not null default false,
  matchers jsonb not null default '[]'::jsonb,
  destination_id uuid not null,
  settings jsonb not null default '{}'::jsonb,
  disabled_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint routes_destination_id_fkey FOREIGN KEY (destination_id) REFERENCES destinations(id),
  constraint routes_pkey PRIMARY KEY (id),
  constraint routes_position UNIQUE ("position") DEFERRABLE INITIALLY DEFERRED,
  constraint routes_position_check CHECK (("position" >= 1))
);
CREATE UNIQUE INDEX routes_name ON public.routes USING btree (lower(name)) WHERE (deleted_at IS NULL);

create table service_states (
  source_id uuid not null,
  available boolean not null,
  changed_at timestamp with time zone not null,
  constraint service_states_pkey PRIMARY KEY (source_id),
  constraint service_states_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id)
);

create table source_activity (
  source_id uuid not null,
  last_event_at timestamp with time zone not null,
  watched_since timestamp with time zone not null,
  longest_gap_seconds double precision not null default 0,
  previous_gap_seconds double precision not null default 0,
  period_began_at timestamp with time zone not null,
  warned_at timestamp with time zone,
  constraint source_activity_pkey PRIMARY KEY (source_id),
  constraint source_activity_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id)
);

create table source_subscriptions (
  id uuid not null,
  source_id uuid not null,
  event text not null,
  upstream_id text,
  hook_url text not null,
  created_at timestamp with time zone not null,
  constraint source_subscriptions_once UNIQUE (source_id, hook_url, event),
  constraint source_subscriptions_pkey PRIMARY KEY (id),
  constraint source_subscriptions_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id)
);

create table sources (
  id uuid not null,
  name text not null,
  provider text not null,
  settings jsonb not null default '{}'::jsonb,
  token_hash bytea not null,
  token text not null,
  disabled_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  secrets text,
  version integer not null default 1,
  previous_token_hash bytea,
  previous_token_until timestamp with time zone,
  constraint sources_pkey PRIMARY KEY (id),
  constraint sources_token_hash_key UNIQUE (token_hash)
);
CREATE UNIQUE INDEX sources_name ON public.sources USING btree (lower(name)) WHERE (deleted_at IS NULL);

create table threads (
  destination_id uuid not null,
  channel text not null,
  source_id uuid not null,
  ticket_key text not null,
  template text not null,
  topic text not null,
  created_at timestamp with time zone not null,
  constraint threads_pkey PRIMARY KEY (destination_id, channel, source_id, ticket_key, template)
);
CREATE INDEX threads_ticket ON public.threads USING btree (ticket_key);

create table tickets (
  id uuid not null,
  source_id uuid not null,
  webhook_id uuid not null,
  position integer not null,
  ticket_key text not null,
  title text not null,
  description text not null,
  category text not null,
  priority text not null,
  status text not null,
  user_id text not null,
  user_email text not null,
  metadata jsonb not null,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  closed_at timestamp with time zone,
  constraint tickets_pkey PRIMARY KEY (id),
  constraint tickets_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'urgent'::text]))),
  constraint tickets_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id)
);
CREATE INDEX tickets_source ON public.tickets USING btree (source_id, id);
CREATE INDEX tickets_webhook ON public.tickets USING btree (webhook_id, "position");

create table topics (
  receiver text not null,
  channel text not null,
  topic text not null,
  name text not null,
  message_id bigint,
  source_id uuid not null,
  ticket_key text not null,
  is_shared boolean not null default false,
  resolve_by uuid,
  failure text,
  checked_at timestamp with time zone not null,
  constraint topics_pkey PRIMARY KEY (receiver, channel, topic)
);
CREATE INDEX topics_name ON public.topics USING btree (receiver, channel, lower(name));
CREATE INDEX topics_resolve_by ON public.topics USING btree (resolve_by) WHERE (resolve_by IS NOT NULL);
CREATE INDEX topics_ticket ON public.topics USING btree (ticket_key);
