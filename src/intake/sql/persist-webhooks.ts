import type { Queryable, Statement } from '../../database/database.js';
import { newTicketRow } from '../../tickets/ticket.js';
import { deliveryRow } from '../make-deliveries.js';
import type { WebhookRecord, WriteResult } from '../webhook-record.js';

/*
 * One statement, so one commit, for all webhooks of a batch: their deduplication keys, events, deliveries and the tickets
 * that they open. JSON
 * documents as parameters cost a third of multi-row inserts and a seventh of the client's time (measured). Keys are
 * taken in sorted order, so that two writers cannot deadlock. A key that is taken and not expired answers with the
 * event that holds it; then the webhook's first event is stored as a duplicate, and nothing is delivered.
 */
const PERSIST_WEBHOOKS: Statement = {
  name: 'persist-webhooks',
  text: `
    with webhook as (
      select *
      from jsonb_to_recordset($1::jsonb) as w (ordinal int, source_id uuid, key text, id uuid, expires_at timestamptz)
    ), claimed as (
      insert into deduplication_keys as held (source_id, key, event_id, expires_at)
      select source_id, key, id, expires_at
      from webhook
      where key is not null
      order by source_id, key
      on conflict (source_id, key) do update
      set event_id = case when held.expires_at <= $4 then excluded.event_id else held.event_id end,
          expires_at = case when held.expires_at <= $4 then excluded.expires_at else held.expires_at end
      returning source_id, key, event_id
    ), verdict as (
      select w.ordinal, w.id as webhook_id, case when c.event_id <> w.id then c.event_id end as duplicate_of
      from webhook w
      left join claimed c on c.source_id = w.source_id and c.key = w.key
    ), stored_events as (
      insert into events (id, webhook_id, source_id, outcome, type, native_type, ticket_key, ticket_number, received_at,
                          event, duplicate_of, reason, detail, route_revision, matched, raw_headers, raw_body)
      select e.id, v.webhook_id, e.source_id, case when v.duplicate_of is null then e.outcome else 'duplicate' end,
             e.type, e.native_type, e.ticket_key, e.ticket_number, e.received_at, e.event, v.duplicate_of,
             e.reason, e.detail, e.route_revision, case when v.duplicate_of is null then e.matched end, e.raw_headers,
             decode(e.raw_body, 'base64')
      from jsonb_to_recordset($2::jsonb) as e (ordinal int, id uuid, source_id uuid, outcome text, type text,
             native_type text, ticket_key text, ticket_number text, received_at timestamptz, event jsonb, reason text,
             detail text, route_revision bigint, matched boolean, raw_headers jsonb, raw_body text)
      join verdict v on v.ordinal = e.ordinal
      where v.duplicate_of is null or e.id = v.webhook_id
    ), stored_deliveries as (
      insert into deliveries (id, event_id, source_id, route_id, destination_id, type, ticket_key, ticket_number, lane,
                              sequence, has_sibling, state, next_attempt_at, created_at, traceparent)
      select d.id, d.event_id, d.source_id, d.route_id, d.destination_id, d.type, d.ticket_key, d.ticket_number, d.lane,
             nextval('delivery_sequence'), d.has_sibling, 'pending', d.created_at, d.created_at, d.traceparent
      from (
        select d.*
        from jsonb_to_recordset($3::jsonb) as d (ordinal int, position int, id uuid, event_id uuid, source_id uuid,
               route_id uuid, destination_id uuid, type text, ticket_key text, ticket_number text, lane text,
               has_sibling boolean, created_at timestamptz, traceparent text)
        join verdict v on v.ordinal = d.ordinal
        where v.duplicate_of is null
        order by d.ordinal, d.position
      ) d
    ), stored_tickets as (
      insert into tickets (id, source_id, webhook_id, position, ticket_key, title, description, category, priority, status,
                           user_id, user_email, metadata, created_at, updated_at)
      select t.id, t.source_id, v.webhook_id, t.position, t.ticket_key, t.title, t.description, t.category, t.priority,
             t.status, t.user_id, t.user_email, t.metadata, t.created_at, t.updated_at
      from jsonb_to_recordset($5::jsonb) as t (ordinal int, position int, id uuid, source_id uuid, ticket_key text, title text,
             description text, category text, priority text, status text, user_id text, user_email text,
             metadata jsonb, created_at timestamptz, updated_at timestamptz)
      join verdict v on v.ordinal = t.ordinal
      where v.duplicate_of is null
    )
    select ordinal, duplicate_of
    from verdict
    order by ordinal`,
};

/**
 * Writes webhooks in one commit.
 *
 * @param records no two with the same source and deduplication key
 * @returns one result a record, in the same order
 */
export async function persistWebhooks(db: Queryable, records: WebhookRecord[], now: Date): Promise<WriteResult[]> {
  const rows = records.map((record, ordinal): Row => ({
    record,
    ordinal,
    receivedAt: record.receivedAt.toISOString(),
  }));
  const results = await db.query<{ ordinal: number; duplicate_of: string | null }>(PERSIST_WEBHOOKS, [
    JSON.stringify(rows.map(webhookRow)),
    JSON.stringify(rows.flatMap(eventRows)),
    JSON.stringify(rows.flatMap(deliveryRows)),
    now,
    JSON.stringify(rows.flatMap(ticketRows)),
  ]);
  return results.map((result) => ({ duplicateOf: result.duplicate_of }));
}

/** A webhook, and when it came: dates among thousands of plain values make JSON.stringify slow. */
interface Row {
  record: WebhookRecord;
  ordinal: number;
  receivedAt: string;
}

function webhookRow({ record, ordinal }: Row): object {
  const deduplication = record.outcome === 'accepted' ? record.deduplication : null;
  return {
    ordinal,
    source_id: record.sourceId,
    id: record.id,
    key: deduplication?.key,
    expires_at: deduplication?.expiresAt.toISOString(),
  };
}

function eventRows({ record, ordinal, receivedAt }: Row): object[] {
  const rawBody = record.raw.body.toString('base64');
  if (record.outcome !== 'accepted') {
    return [
      {
        ordinal,
        id: record.id,
        source_id: record.sourceId,
        outcome: record.outcome,
        native_type: record.nativeType,
        received_at: receivedAt,
        reason: record.reason,
        detail: record.detail,
        raw_headers: record.raw.headers,
        raw_body: rawBody,
      },
    ];
  }
  return record.events.map(({ document, deliveries }, index) => ({
    ordinal,
    id: document.id,
    source_id: record.sourceId,
    outcome: record.outcome,
    type: document.type,
    native_type: document.native_type,
    ticket_key: document.ticket?.key,
    ticket_number: document.ticket?.number,
    received_at: receivedAt,
    event: document,
    route_revision: record.routeRevision,
    matched: deliveries.length > 0,
    raw_headers: index === 0 ? record.raw.headers : undefined,
    raw_body: index === 0 ? rawBody : undefined,
  }));
}

function deliveryRows({ record, ordinal, receivedAt }: Row): object[] {
  if (record.outcome !== 'accepted') return [];
  let position = 0;
  const traceparent = record.trace?.traceparent;
  return record.events.flatMap(({ document, deliveries }) =>
    deliveries.map((delivery) => ({
      ordinal,
      position: position++,
      created_at: receivedAt,
      traceparent,
      ...deliveryRow(record.sourceId, document, delivery),
    })),
  );
}

function ticketRows({ record, ordinal }: Row): object[] {
  if (record.outcome !== 'accepted') return [];
  return record.events.flatMap(({ ticket }, position) =>
    ticket ? [{ ordinal, position, ...newTicketRow(ticket, record.sourceId, record.receivedAt) }] : [],
  );
}
