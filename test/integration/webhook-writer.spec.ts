import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { SystemClock } from '../../src/clock/clock.js';
import { Database } from '../../src/database/database.js';
import { DatabaseUnavailableError } from '../../src/database/database-unavailable.js';
import { HEAVY_BYTES } from '../../src/intake/heavy-lane.js';
import type { AcceptedWebhook } from '../../src/intake/webhook-record.js';
import { QueueFullError } from '../../src/intake/queue-full-error.js';
import { UnstorableWebhookError, WebhookWriter } from '../../src/intake/webhook-writer.js';
import type { TicketEventDocument } from '../../src/ticket-event/ticket-event-document.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';

const SOURCE = '01890000-0000-7000-8000-000000000001';
const ROUTE = '01890000-0000-7000-8000-000000000002';
const DESTINATION = '01890000-0000-7000-8000-000000000003';

const webhook = (ticket: string, key: string | null = null, title = 'Test Subject'): AcceptedWebhook => {
  const receivedAt = new Date();
  const id = uuidv7();
  const document: TicketEventDocument = {
    id,
    type: 'ticket.created',
    native_type: 'ticket_started',
    source: { id: SOURCE, provider: 'groove', name: 'groove' },
    occurred_at: receivedAt.toISOString(),
    received_at: receivedAt.toISOString(),
    deduplication_key: `${key ?? id}#0`,
    ticket: { key: ticket, number: ticket, title, tags: [], custom: {} },
    changes: [],
  };
  const delivery = {
    id: uuidv7(),
    routeId: ROUTE,
    destinationId: DESTINATION,
    lane: `${SOURCE}/${ticket}`,
    hasSibling: false,
  };
  return {
    outcome: 'accepted',
    id,
    sourceId: SOURCE,
    receivedAt,
    raw: { headers: { 'x-groove-event': 'ticket_started' }, body: Buffer.from('{}') },
    deduplication: key === null ? null : { key, expiresAt: new Date(receivedAt.getTime() + 600_000) },
    routeRevision: '1',
    events: [{ document, deliveries: [delivery] }],
  };
};

describe('WebhookWriter', () => {
  // Some of these tests make it complain, which is its duty.
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  let database: TestDatabase;
  let db: Database;
  let writer: WebhookWriter;

  beforeEach(async () => {
    database = await createTestDatabase();
    db = new Database(database.url, 2);
    writer = new WebhookWriter(db, new SystemClock());
  });

  afterEach(async () => {
    await db.close();
    await database.drop();
  });

  const stored = async (table: 'events' | 'deliveries'): Promise<Record<string, unknown>[]> =>
    db.query({ text: `select * from ${table} order by id` }, []);

  it('writes what arrives together in few commits, in the order of arrival', async () => {
    const webhooks = Array.from({ length: 300 }, (_, index) => webhook(String(index)));
    const results = await Promise.all(webhooks.map((one) => writer.write(one)));
    expect(results).toEqual(webhooks.map(() => ({ duplicateOf: null })));
    const order = await db.query<{ event_id: string }>(
      { text: 'select event_id from deliveries order by sequence' },
      [],
    );
    expect(order.map((row) => row.event_id)).toEqual(webhooks.map((one) => one.id));
    const commits = await db.query<{ count: string }>({ text: 'select count(distinct xmin::text) from events' }, []);
    expect(Number(commits[0]?.count)).toBeLessThanOrEqual(4);
  });

  it('lets one hostile webhook fail alone', async () => {
    // NUL is what cleaning removes; here it comes past it, as a fault in an adapter would let it.
    const webhooks = [webhook('1'), webhook('2'), webhook('3', null, 'a\0b'), webhook('4')];
    const results = await Promise.allSettled([writer.write(webhook('0')), ...webhooks.map((one) => writer.write(one))]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(results[3]).toMatchObject({ reason: expect.any(UnstorableWebhookError) });
    const tickets = (await stored('events')).map((event) => event['ticket_key']);
    expect(tickets.sort()).toEqual(['0', '1', '2', '4']);
    expect(await stored('deliveries')).toHaveLength(4);
  });

  it('tells a repetition from the first, also when both arrive at once', async () => {
    const [first, second, other] = [webhook('1', 'same'), webhook('1', 'same'), webhook('2', 'other')];
    const results = await Promise.all([first, second, other].map((one) => writer.write(one)));
    expect(results).toEqual([{ duplicateOf: null }, { duplicateOf: first.id }, { duplicateOf: null }]);
    const events = await stored('events');
    expect(events.find((event) => event['id'] === second.id)).toMatchObject({
      outcome: 'duplicate',
      duplicate_of: first.id,
    });
    expect(await stored('deliveries')).toHaveLength(2);
  });

  it('two writers agree on who was first, and do not block one another', async () => {
    const otherDb = new Database(database.url, 2);
    const other = new WebhookWriter(otherDb, new SystemClock());
    const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
    const mine = keys.map((key) => writer.write(webhook(key, key)));
    const theirs = [...keys].reverse().map((key) => other.write(webhook(key, key)));
    const results = await Promise.all([...mine, ...theirs]);
    expect(results.filter((result) => result.duplicateOf === null)).toHaveLength(keys.length);
    expect(await stored('deliveries')).toHaveLength(keys.length);
    await otherDb.close();
  });

  it('does not have small webhooks wait for a large one', async () => {
    const large = webhook('large', 'large');
    large.raw.body = Buffer.alloc(HEAVY_BYTES, ' ');
    const answered: string[] = [];
    const write = async (one: AcceptedWebhook, name: string): Promise<void> => {
      await writer.write(one);
      answered.push(name);
    };
    const holder = new Client(database.url);
    await holder.connect();
    try {
      // Whoever writes the same key waits until this transaction ends.
      await holder.query('begin');
      await holder.query(
        `insert into deduplication_keys (source_id, key, event_id, expires_at) values ($1, $2, $1, $3)`,
        [SOURCE, 'large', new Date()],
      );
      const late = write(large, 'large');
      await Promise.all([write(webhook('1'), 'first'), write(webhook('2'), 'second')]);
      expect(answered).toEqual(['first', 'second']);
      await holder.query('rollback');
      await late;
    } finally {
      await holder.end();
    }
    expect((await stored('deliveries')).map((row) => row['ticket_key']).sort()).toEqual(['1', '2', 'large']);
  });

  it('takes a key anew once it has expired', async () => {
    const old = webhook('1', 'same');
    old.deduplication = { key: 'same', expiresAt: new Date(Date.now() - 1) };
    await writer.write(old);
    expect(await writer.write(webhook('1', 'same'))).toEqual({ duplicateOf: null });
  });

  it('refuses beyond its bounds and takes again when there is room', async () => {
    // The first is in the air already, so one more than a burst fits.
    const results = await Promise.allSettled(
      Array.from({ length: 363 }, (_, index) => writer.write(webhook(String(index)))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const result of refused) expect(result).toMatchObject({ reason: expect.any(QueueFullError) });
    expect(await writer.write(webhook('after'))).toEqual({ duplicateOf: null });
  });

  it('says that the database is away, and stores nothing', async () => {
    const nowhere = new Database('postgres://nobody:nothing@127.0.0.1:1/nowhere', 1);
    const lost = new WebhookWriter(nowhere, new SystemClock());
    await expect(lost.write(webhook('1'))).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await nowhere.close();
  });
});
