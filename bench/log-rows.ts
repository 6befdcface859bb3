import { createHash } from 'node:crypto';

/*
 * Rows of a made-up log. MONTH stands for the suffix of the month's partitions. What is chosen at random is skewed as it
 * is in life: a few sources, routes and types make most of the traffic; one delivery in a hundred is dead.
 */

/** A UUIDv7 (RFC 9562) of an instant in milliseconds, with a number that tells apart what one millisecond holds. */
const uuid = (milliseconds: string, number: string): string =>
  `(lpad(to_hex(${milliseconds}), 12, '0') || '7' || lpad(to_hex((${number}) % 4096), 3, '0') || '8'
    || substr(md5((${number})::text), 1, 15))::uuid`;

/** A stable made-up id, of the form of a UUIDv4, of the nth thing of a kind. */
const thing = (kind: string, number: string): string =>
  `regexp_replace(md5('${kind}' || (${number})), '^(.{12}).(...).', '\\14\\28')::uuid`;

/** Made-up words, the same for the same seed; the nth of 3,000 is the rarer the higher n is. */
const sentence = (seed: string, words: number): string => `
  (select string_agg('word' || floor(3000 * power((('x' || substr(md5(${seed} || '-' || i), 1, 6))::bit(24)::int
     / 16777216.0), 3))::int, ' ')
   from generate_series(1, ${words}) i)`;

/** What people say: drawn from a store, since making it takes longer than all else. */
export const SENTENCES_SQL = `
  create unlogged table bench_sentences as
  select number, ${sentence('number', 6)} as title, ${sentence("'m' || number", 20)} as text
  from generate_series(0, 19999) number;
  alter table bench_sentences add primary key (number);`;

/** $1 and $2: the month's first instant and the next one's; $3: how many. */
export const EVENTS_SQL = `
  with bounds as (
    select extract(epoch from $1::timestamptz) * 1000 as low, extract(epoch from $2::timestamptz) * 1000 as high,
           $3::int as events
  ), drawn as (
    select n, (low + (high - low) * n / events)::bigint as ms, random() as a, random() as b, random() as c,
           (random() * 40000)::int as ticket, (random() * 20000)::int as person
    from bounds, generate_series(0, events - 1) n
  ), made as (
    select n, ms, ${uuid('ms', 'n')} as id, ticket, person, floor(20 * a * a)::int as source,
           (array['ticket.created', 'message.customer_replied', 'message.agent_replied', 'ticket.assigned', 'ticket.closed',
                  'ticket.tagged', 'message.note_added', 'ticket.priority_changed', 'customer.created', 'ticket.deleted'])
             [1 + floor(10 * b * b)::int] as type, c
    from drawn
  )
  insert into events_MONTH (id, webhook_id, source_id, outcome, type, native_type, ticket_key, ticket_number, received_at,
                            event, raw_headers, raw_body, matched, route_revision)
  select id, id, ${thing('source', 'source')}, 'accepted', type, replace(type, '.', '_'), 'k' || ticket, ticket::text,
         to_timestamp(ms / 1000.0),
         jsonb_build_object('id', id, 'type', type, 'native_type', replace(type, '.', '_'),
           'ticket', jsonb_build_object('key', 'k' || ticket, 'number', ticket::text,
             'title', (select title from bench_sentences where number = ticket % 20000),
             'requester', jsonb_build_object('name', 'Person ' || person, 'email', 'person' || person || '@example.com'),
             'tags', '[]'::jsonb, 'custom', '{}'::jsonb),
           'message', jsonb_build_object('text', (select text from bench_sentences where number = n % 20000), 'is_internal', false), 'changes', '[]'::jsonb),
         '{"content-type": "application/json"}', convert_to('{"number": ' || ticket || '}', 'utf8'), true, 1
  from made`;

/** @param copies deliveries of an event */
export const deliveriesSql = (copies: number): string => `
  with drawn as (
    select e.id as event_id, e.source_id, e.type, e.ticket_key, e.ticket_number, e.received_at, e.event, copy,
           (row_number() over ())::int as n, (extract(epoch from e.received_at) * 1000)::bigint as ms, random() as a,
           random() as b
    from events_MONTH e, generate_series(1, ${copies}) copy
  ), made as (
    select *, ${uuid('ms', 'n + 7')} as id, floor(30 * b * b)::int as route,
           case when a < 0.97 then 'delivered' when a < 0.98 then 'dead' when a < 0.995 then 'skipped' else 'cancelled' end
             as state
    from drawn
  )
  insert into deliveries_MONTH (id, event_id, source_id, route_id, destination_id, type, ticket_key, ticket_number, lane,
                                sequence, state, attempts, tries, channel, topic, content, message_id, reason, detail,
                                created_at, finished_at)
  select id, event_id, source_id, ${thing('route', 'route')}, ${thing('destination', 'route % 10')}, type, ticket_key,
         ticket_number, source_id || '/' || ticket_key, n, state, 1, 1, 'support',
         '#' || ticket_number || ' ' || (event #>> '{ticket,title}'), event #>> '{message,text}', n,
         case state when 'dead' then (array['invalid', 'timeout', 'not_found', 'too_large'])[1 + n % 4]
                    when 'skipped' then 'same_place' when 'cancelled' then 'destination_deleted' end,
         case state when 'dead' then 'The receiver said ' || (n % 500) end,
         received_at, received_at + interval '0.2 s'
  from made`;

export const ATTEMPTS_SQL = `
  insert into attempts_MONTH (id, delivery_id, number, started_at, duration_ms, outcome, reason, http_status, response,
                              message_id)
  select (substr(id::text, 1, 19) || reverse(substr(replace(id::text, '-', ''), 17)))::uuid, id, 1, created_at, 84,
         case when state = 'delivered' then 'sent' else 'rejected' end, reason, 200, '{"result": "success"}', message_id
  from deliveries_MONTH
  where state in ('delivered', 'dead')`;

/** Of events, or of deliveries with their event's. */
export function wordsSql(what: 'event' | 'delivery'): string {
  return what === 'event'
    ? `insert into event_words_MONTH (id, words)
       select id, deskwire_words(deskwire_event_text(event)) from events_MONTH`
    : `insert into delivery_words_MONTH (id, words)
       select d.id, w.words from deliveries_MONTH d join event_words_MONTH w on w.id = d.event_id`;
}

/** Who sent all that, under the ids that the rows have. */
export const SOURCES_SQL = `
  insert into sources (id, name, provider, token_hash, token)
  select ${thing('source', 'n')}, 'Bench source ' || n, 'groove', decode(md5('bench' || n), 'hex'), ''
  from generate_series(0, 19) n`;

/** What the dispatcher would have counted of deliveries from $1 on. */
export const SUMMARIES_SQL = [
  `insert into delivery_summaries (hour, destination_id, source_id, route_id, state, reason, count)
   select date_trunc('hour', finished_at, 'UTC'), destination_id, source_id, route_id, state, coalesce(reason, ''), count(*)
   from deliveries
   where id >= $1
   group by 1, 2, 3, 4, 5, 6`,
  `insert into latency_summaries (hour, destination_id, kind, step, count)
   select date_trunc('hour', finished_at, 'UTC'), destination_id, kind, 20 + (sequence % 12)::int, count(*)
   from deliveries, unnest(array['end_to_end', 'attempt']) kind
   where id >= $1
   group by 1, 2, 3, 4`,
] as const;

/** @returns the id that the rows have for the nth thing of a kind */
export function thingId(kind: 'source' | 'route' | 'destination' | 'nobody', number: number): string {
  const hash = createHash('md5').update(`${kind}${number}`).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(...).(...)(.{12})$/, '$1-$2-4$3-8$4-$5');
}
