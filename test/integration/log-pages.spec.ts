import { Client } from 'pg';
import { HIGHEST_ID, LOWEST_ID } from '../../src/audit/id-range.js';
import { LogPages } from '../../src/audit/log-pages.js';
import type { DeliveryFilter, EventFilter } from '../../src/audit/log-query.dto.js';
import { DELIVERIES, type DeliveryRow } from '../../src/audit/sql/select-deliveries.js';
import { EVENTS, type EventRow } from '../../src/audit/sql/select-events.js';
import { newId } from '../../src/clock/new-id.js';
import { AuditDatabase } from '../../src/database/audit-database.js';
import { Database } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { lowestId } from '../../src/database/partitions.js';
import { followDeliveries } from '../../src/log-follower/sql/follow-deliveries.js';
import { followEvents } from '../../src/log-follower/sql/follow-events.js';
import { moveMark } from '../../src/log-follower/sql/move-mark.js';
import type { PagePosition } from '../../src/http/page.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';

const DAY_MS = 86_400_000;
const NOW = new Date();
/** More than a search walks through before it turns to the index. */
const EVENTS_MADE = 14_000;
/** Events before it are in the index of words, the others not yet. */
const INDEXED_BEFORE = new Date(NOW.getTime() - 3 * DAY_MS);
const QUESTIONS = 300;

const WORDS = ['printer', 'Fire', 'ÄRGER', 'invoice', 'v2', 'naïve', '发票', 'refund'];
const REASONS = ['timeout', 'invalid', null, null, null, null];
const TYPES = ['ticket.created', 'ticket.closed', 'message.note_added'];
const NATIVE_TYPES = ['ticket_started', 'ticket_closed', 'note_added'];

/** The same numbers each time: a failure can be looked at again. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

interface Event {
  id: string;
  source: string;
  outcome: string;
  matched: boolean | null;
  type: string | null;
  nativeType: string | null;
  ticket: { key: string; number: string } | null;
  text: string;
  detail: string | null;
}

interface Delivery {
  id: string;
  event: Event;
  route: string;
  destination: string;
  state: string;
  reason: string | null;
  detail: string | null;
}

describe('LogPages', () => {
  const random = makeRandom(20_261_128);
  const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)] as Value;
  const ids = (count: number): string[] => Array.from({ length: count }, () => newId(NOW));
  const [sources, routes, destinations] = [ids(3), ids(4), ids(2)];
  const events: Event[] = [];
  const deliveries: Delivery[] = [];
  let database: TestDatabase;
  let client: Client;
  let db: AuditDatabase;
  let pages: LogPages;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url, new Date(NOW.getTime() - 90 * DAY_MS));
    client = new Client({ connectionString: database.url });
    await client.connect();
    db = new AuditDatabase(database.url);
    pages = new LogPages(db, new FakeClock(NOW.getTime()));
    makeRows();
    await insertRows();
    await indexWords();
  });

  afterAll(async () => {
    await db.close();
    await client.end();
    await database.drop();
  });

  function makeRows(): void {
    for (let index = 0; index < EVENTS_MADE; index += 1) {
      // Half of them in the last few days, some of them in the same instant.
      const age = random(2) === 0 ? random(80) : random(8) / 2;
      const at = new Date(NOW.getTime() - age * DAY_MS);
      const outcome = pick(['accepted', 'accepted', 'accepted', 'duplicate', 'rejected']);
      const kind = random(TYPES.length);
      const event: Event = {
        id: newId(at),
        source: pick(sources),
        outcome,
        matched: outcome === 'accepted' ? random(10) > 0 : null,
        type: outcome === 'rejected' ? null : (TYPES[kind] ?? null),
        nativeType: random(10) === 0 ? null : (NATIVE_TYPES[kind] ?? null),
        ticket: outcome === 'rejected' ? null : { key: `k${random(200)}`, number: String(random(200)) },
        text: `${pick(WORDS)} ${pick(WORDS)}-${pick(WORDS)}`,
        detail: outcome === 'rejected' ? `No ${pick(WORDS)} here` : null,
      };
      events.push(event);
      for (let copy = outcome === 'accepted' ? random(3) : 0; copy > 0; copy -= 1) {
        const reason = pick(REASONS);
        deliveries.push({
          id: newId(random(5) === 0 ? NOW : at),
          event,
          route: pick(routes),
          destination: pick(destinations),
          state: reason === null ? pick(['delivered', 'delivered', 'pending']) : pick(['dead', 'skipped']),
          reason,
          detail: reason === null ? null : `the ${pick(WORDS)} said no`,
        });
      }
    }
  }

  async function insertRows(): Promise<void> {
    await insert('sources', 'id, name, provider, token_hash, token', [
      ...sources.map((id) => ({
        id,
        name: id,
        provider: 'groove',
        token_hash: `\\x${id.replaceAll('-', '')}`,
        token: '',
      })),
    ]);
    await insert(
      'events',
      'id, webhook_id, source_id, outcome, type, native_type, ticket_key, ticket_number, received_at, event, detail, matched',
      events.map((event) => ({
        id: event.id,
        webhook_id: event.id,
        source_id: event.source,
        outcome: event.outcome,
        type: event.type,
        native_type: event.nativeType,
        ticket_key: event.ticket?.key,
        ticket_number: event.ticket?.number,
        received_at: NOW,
        event: event.ticket && {
          ticket: { title: event.text, requester: { name: 'Grace Hopper', email: 'grace@example.com' } },
        },
        detail: event.detail,
        matched: event.matched,
      })),
    );
    await insert(
      'deliveries',
      'id, event_id, source_id, route_id, destination_id, type, ticket_key, ticket_number, lane, sequence, state, reason, detail, created_at',
      deliveries.map(({ event, route, destination, ...delivery }, sequence) => ({
        ...delivery,
        event_id: event.id,
        source_id: event.source,
        route_id: route,
        destination_id: destination,
        type: event.type,
        ticket_key: event.ticket?.key,
        ticket_number: event.ticket?.number,
        lane: '',
        sequence,
        created_at: NOW,
      })),
    );
  }

  async function insert(table: string, columns: string, rows: object[]): Promise<void> {
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  /** As the follower of the log does, up to somewhere in the middle. */
  async function indexWords(): Promise<void> {
    const primary = new Database(database.url, 1);
    const before = lowestId(INDEXED_BEFORE);
    for (const [name, follow] of [
      ['event_words', followEvents],
      ['delivery_words', followDeliveries],
    ] as const) {
      expect((await follow(primary, { from: LOWEST_ID, before, limit: 100_000 })).count).toBeGreaterThan(50);
      await moveMark(primary, name, before);
    }
    await primary.close();
  }

  /** Some filters, more often few than many. */
  function draw<Value>(filters: Record<string, () => Value>): Record<string, Value> {
    return Object.fromEntries(
      Object.entries(filters).flatMap(([name, value]) => (random(5) === 0 ? [[name, value()]] : [])),
    );
  }

  function drawCommon(): Record<string, string> {
    const since = new Date(NOW.getTime() - random(85) * DAY_MS);
    return draw({
      source_id: () => pick(sources),
      type: () => pick(TYPES),
      ticket: () => pick([`k${random(200)}`, String(random(200))]),
      since: () => since.toISOString(),
      until: () => new Date(since.getTime() + random(60) * DAY_MS).toISOString(),
      q: () =>
        pick([
          pick(WORDS),
          `${pick(WORDS)} ${pick(WORDS)}`.toUpperCase(),
          'print*',
          'grace@example.com',
          'nowhere',
          'said',
        ]),
    });
  }

  function drawPosition(all: readonly { id: string }[]): PagePosition {
    const direction = pick(['next', 'prev'] as const);
    const id = pick([undefined, pick(all).id, newId(new Date(NOW.getTime() - random(80) * DAY_MS))]);
    return { direction, limit: 1 + random(60), ...(id !== undefined && { id }) };
  }

  it('answers any filters of deliveries as one would who looked at every row', async () => {
    for (let question = 0; question < QUESTIONS; question += 1) {
      const filter: DeliveryFilter = {
        ...drawCommon(),
        ...draw({
          state: () => pick(['delivered', 'dead', 'pending', 'cancelled']),
          route_id: () => pick(routes),
          destination_id: () => pick(destinations),
          event_id: () => pick(events).id,
          reason: () => pick(['timeout', 'invalid']),
        }),
      };
      const position = drawPosition(deliveries);
      const fits = deliveries.filter(
        ({ id, event, route, destination, state, reason, detail }) =>
          isIn(id, filter, position) &&
          fitsCommon(event, filter) &&
          is(filter.state, state) &&
          is(filter.route_id, route) &&
          is(filter.destination_id, destination) &&
          is(filter.event_id, event.id) &&
          is(filter.reason, reason) &&
          (filter.q === undefined || hasWords(textOf(event), filter.q) || hasWords(detail ?? '', filter.q)),
      );
      const rows = await pages.read<DeliveryRow, DeliveryFilter>(DELIVERIES, filter, position);
      expect([filter, position, rows.map(({ id }) => id)]).toEqual([filter, position, pageOf(fits, position)]);
    }
  });

  it('answers any filters of events as one would who looked at every row', async () => {
    for (let question = 0; question < QUESTIONS; question += 1) {
      const filter: EventFilter = {
        ...drawCommon(),
        ...(random(5) === 0 && { matched: random(3) === 0 }),
        ...draw({
          outcome: () => pick(['accepted', 'duplicate', 'rejected', 'unsupported']),
          native_type: () => pick(NATIVE_TYPES),
        }),
      };
      const position = drawPosition(events);
      const fits = events.filter(
        (event) =>
          isIn(event.id, filter, position) &&
          fitsCommon(event, filter) &&
          is(filter.outcome, event.outcome) &&
          (filter.matched === undefined || filter.matched === event.matched) &&
          is(filter.native_type, event.nativeType) &&
          (filter.q === undefined || hasWords(`${textOf(event)} ${event.detail ?? ''}`, filter.q)),
      );
      const rows = await pages.read<EventRow, EventFilter>(EVENTS, filter, position);
      expect([filter, position, rows.map(({ id }) => id)]).toEqual([filter, position, pageOf(fits, position)]);
    }
  });
});

function is(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}

function fitsCommon(event: Event, filter: { source_id?: string; type?: string; ticket?: string }): boolean {
  const ticket = event.ticket ? [event.ticket.key, event.ticket.number] : [];
  return (
    is(filter.source_id, event.source) &&
    is(filter.type, event.type) &&
    (filter.ticket === undefined || ticket.includes(filter.ticket))
  );
}

function isIn(
  id: string,
  filter: { since?: string; until?: string },
  { id: cursor, direction }: PagePosition,
): boolean {
  const from = filter.since === undefined ? LOWEST_ID : lowestId(new Date(filter.since));
  const before = filter.until === undefined ? HIGHEST_ID : lowestId(new Date(filter.until));
  return id >= from && id < before && (cursor === undefined || (direction === 'next' ? id < cursor : id > cursor));
}

function pageOf(rows: readonly { id: string }[], { direction, limit }: PagePosition): string[] {
  const sorted = rows.map(({ id }) => id).sort();
  return (direction === 'next' ? sorted.reverse() : sorted).slice(0, limit);
}

/** What a search is about; nothing is known of who sent what was refused. */
function textOf(event: Event): string {
  const { ticket } = event;
  return event.outcome === 'rejected' || ticket === null ? '' : `${event.text} Grace Hopper grace@example.com`;
}

function hasWords(text: string, q: string): boolean {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return q
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .every((word) =>
      word.endsWith('*') ? words.some((each) => each.startsWith(word.slice(0, -1))) : words.includes(word),
    );
}
