import { DeliveryEngine } from '../support/delivery-engine.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const refused = { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'no' } };
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };
const NOTHING = { count: 0, p50: null, p90: null, p95: null, p99: null };
const NO_EVENTS = { accepted: 0, duplicate: 0, unsupported: 0, rejected: 0 };
const NO_DELIVERIES = { total: 0, delivered: 0, dead: 0, skipped: 0, cancelled: 0 };

describe('statistics', () => {
  let engine: DeliveryEngine;
  let hour: number;

  beforeEach(async () => {
    engine = await DeliveryEngine.start();
    // To ten minutes past the next hour.
    hour = Math.ceil(engine.clock.now().getTime() / HOUR_MS) * HOUR_MS;
    engine.clock.advance(hour + 600_000 - engine.clock.now().getTime());
  });

  afterEach(async () => {
    await engine.stop();
  });

  const at = (milliseconds: number): string => new Date(hour + milliseconds).toISOString();
  const stats = async (query = ''): Promise<Row> => (await engine.api('GET', `/stats?${query}`)).body;

  it('are none before anything has happened', async () => {
    expect(await stats()).toEqual({
      since: at(-24 * HOUR_MS),
      until: at(HOUR_MS),
      bucket: null,
      deliveries: NO_DELIVERIES,
      success_rate: null,
      by_provider: [],
      by_source: [],
      by_route: [],
      by_destination: [],
      by_reason: [],
      latency: { end_to_end_ms: NOTHING, attempt_ms: NOTHING },
      events: NO_EVENTS,
      backlog: { pending: 0, sending: 0, oldest_pending_at: null, by_destination: [] },
      replica: null,
    });
  });

  it('say what ended and how, how long it took, and what waits', async () => {
    // Every answer takes 1.1 s, which is in a step from 1,024 to 1,218 ms.
    engine.zulip.answerBy((message) => {
      engine.clock.advance(1_100);
      if (message.content.includes('refused')) return refused;
      return message.content.includes('broken') ? broken : undefined;
    });
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      await engine.reply(1, text);
      await engine.delivered(index + 1);
    }
    await engine.reply(2, 'refused');
    await engine.recorded(['delivered', 'delivered', 'delivered', 'dead']);
    const waitsSince = engine.clock.now().toISOString();
    await engine.reply(3, 'broken');
    await waitUntil(async () => (await engine.deliveries())[4]?.['attempts'] === 1);

    const { id: destinationId, name: destinationName } = await engine.destination();
    const [route] = (await engine.api('GET', '/routes')).body.data;
    const [source] = await engine.sql(`select id as source_id, name from sources where provider = 'groove'`);
    const counts = { total: 4, delivered: 3, dead: 1, skipped: 0, cancelled: 0 };
    const outcomes = { ...counts, success_rate: 0.75 };
    // 1,024 · 2^(share / 4): the second of three is half way, the third at the end.
    const ofThree = { count: 3, p50: 1_120, p90: 1_200, p95: 1_210, p99: 1_220 };
    const ofFive = { count: 5, p50: 1_120, p90: 1_200, p95: 1_210, p99: 1_220 };
    expect(await stats()).toEqual({
      since: at(-24 * HOUR_MS),
      until: at(HOUR_MS),
      bucket: null,
      deliveries: counts,
      success_rate: 0.75,
      by_provider: [{ provider: 'groove', ...outcomes }],
      by_source: [{ ...source, provider: 'groove', ...outcomes }],
      by_route: [{ route_id: route?.['id'], name: route?.['name'], ...outcomes }],
      by_destination: [{ destination_id: destinationId, name: destinationName, ...outcomes }],
      by_reason: [{ state: 'dead', reason: 'invalid', count: 1 }],
      latency: { end_to_end_ms: ofThree, attempt_ms: ofFive },
      events: expect.any(Object),
      backlog: {
        pending: 1,
        sending: 0,
        oldest_pending_at: waitsSince,
        by_destination: [
          {
            destination_id: destinationId,
            name: destinationName,
            pending: 1,
            sending: 0,
            oldest_pending_at: waitsSince,
            paused: false,
          },
        ],
      },
      replica: null,
    });
  });

  it('show a backlog that is paused, and the oldest of it whatever its place in the queue', async () => {
    const { id } = await engine.destination();
    await engine.api('POST', `/destinations/${String(id)}/pause`, {});
    const first = engine.clock.now().toISOString();
    await engine.reply(1, 'one');
    engine.clock.advance(1_000);
    await engine.reply(1, 'two');
    // As replays are: behind all that comes.
    await engine.sql('update deliveries set sequence = 4503599627370496 where created_at = $1', [first]);
    const backlog = { pending: 2, sending: 0, oldest_pending_at: first };
    expect((await stats())['backlog']).toEqual({
      ...backlog,
      by_destination: [expect.objectContaining({ ...backlog, destination_id: id, paused: true })],
    });
  });

  it('go on naming what is deleted, and tell subscribers’ from routes’', async () => {
    const [destination] = await engine.sql('select id from destinations');
    const [source] = await engine.sql(`select id, name from sources where provider = 'groove'`);
    const [route] = await engine.sql('select id, name from routes');
    await engine.sql('update sources set deleted_at = now() where id = $1', [source?.['id']]);
    await engine.sql('update routes set deleted_at = now(), position = null');
    for (const [routeId, count] of [
      [route?.['id'], 2],
      [null, 7],
    ]) {
      await engine.sql(`insert into delivery_summaries values ($1, $2, $3, $4, 'delivered', '', $5)`, [
        new Date(hour),
        destination?.['id'],
        source?.['id'],
        routeId,
        count,
      ]);
    }
    const answer = await stats();
    expect(answer['by_source']).toMatchObject([{ source_id: source?.['id'], name: source?.['name'], delivered: 9 }]);
    expect(answer['by_route']).toMatchObject([
      { route_id: null, name: null, delivered: 7 },
      { route_id: route?.['id'], name: route?.['name'], delivered: 2 },
    ]);
  });

  it('are given by buckets, each with what ended from its beginning to before its end', async () => {
    const [destination] = await engine.sql('select id from destinations');
    const [source] = await engine.sql(`select id, name from sources where provider = 'groove'`);
    const add = async (start: string, state: string, reason: string, count: number): Promise<void> => {
      await engine.sql('insert into delivery_summaries values ($1, $2, $3, null, $4, $5, $6)', [
        start,
        destination?.['id'],
        source?.['id'],
        state,
        reason,
        count,
      ]);
    };
    await add('2026-02-27T22:00:00Z', 'delivered', '', 1);
    await add('2026-02-27T23:00:00Z', 'delivered', '', 2);
    await add('2026-02-28T00:00:00Z', 'delivered', '', 4);
    await add('2026-02-28T00:00:00Z', 'dead', 'auth', 12);
    await add('2026-02-28T23:00:00Z', 'skipped', 'same_place', 8);
    await add('2026-03-01T01:00:00Z', 'cancelled', 'destination_deleted', 16);
    await add('2026-03-01T02:00:00Z', 'delivered', '', 32);
    await engine.sql(`insert into latency_summaries values ($1, $2, 'end_to_end', 40, 3)`, [
      '2026-02-28T00:00:00Z',
      destination?.['id'],
    ]);
    for (const outcome of ['accepted', 'duplicate', 'unsupported', 'rejected']) {
      await engine.sql('insert into event_summaries values ($1, $2, $3, $4)', [
        '2026-02-28T23:00:00Z',
        source?.['id'],
        outcome,
        outcome.length,
      ]);
    }
    const answer = await stats('since=2026-02-27T23:30:00Z&until=2026-03-01T01:00:00.001Z&bucket=day');
    const latency = { end_to_end_ms: NOTHING, attempt_ms: NOTHING };
    const some = { count: 3, p50: 1_120, p90: 1_200, p95: 1_210, p99: 1_220 };
    const events = { accepted: 8, duplicate: 9, unsupported: 11, rejected: 8 };
    expect(answer).toMatchObject({
      since: '2026-02-27T23:00:00.000Z',
      until: '2026-03-01T02:00:00.000Z',
      bucket: 'day',
      deliveries: { total: 42, delivered: 6, dead: 12, skipped: 8, cancelled: 16 },
      success_rate: 6 / 18,
      by_reason: [
        { state: 'cancelled', reason: 'destination_deleted', count: 16 },
        { state: 'dead', reason: 'auth', count: 12 },
        { state: 'skipped', reason: 'same_place', count: 8 },
      ],
      events,
    });
    expect(answer['buckets']).toEqual([
      {
        start: '2026-02-27T23:00:00.000Z',
        until: '2026-02-28T00:00:00.000Z',
        deliveries: { ...NO_DELIVERIES, total: 2, delivered: 2 },
        success_rate: 1,
        latency,
        events: NO_EVENTS,
      },
      {
        start: '2026-02-28T00:00:00.000Z',
        until: '2026-03-01T00:00:00.000Z',
        deliveries: { total: 24, delivered: 4, dead: 12, skipped: 8, cancelled: 0 },
        success_rate: 0.25,
        latency: { ...latency, end_to_end_ms: some },
        events,
      },
      {
        start: '2026-03-01T00:00:00.000Z',
        until: '2026-03-01T02:00:00.000Z',
        deliveries: { ...NO_DELIVERIES, total: 16, cancelled: 16 },
        success_rate: null,
        latency,
        events: NO_EVENTS,
      },
    ]);
    const months = await stats('since=2026-02-01&until=2026-04-01&bucket=month');
    expect((months['buckets'] as Row[]).map(({ start, deliveries }) => [start, (deliveries as Row)['total']])).toEqual([
      ['2026-02-01T00:00:00.000Z', 27],
      ['2026-03-01T00:00:00.000Z', 48],
    ]);
    const hours = await stats('since=2026-02-28T00:00:00Z&until=2026-02-28T02:00:00Z&bucket=hour');
    expect((hours['buckets'] as Row[]).map(({ deliveries }) => (deliveries as Row)['total'])).toEqual([16, 0]);
  });
});

describe('statistics that cannot be had', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it.each([
    ['since=2026-02-01&until=2026-01-01', 'validation_failed', 'since: must not be after until.'],
    ['since=2999-01-01', 'validation_failed', 'since: must not be after until, which is now unless given.'],
    [
      'since=2025-01-01&until=2026-01-01&bucket=hour',
      'too_many_buckets',
      'bucket: there can be 750 at most; ask for a shorter time, or for bucket=day.',
    ],
    ['bucket=week', 'validation_failed', expect.stringContaining('bucket')],
    ['since=yesterday', 'validation_failed', expect.stringContaining('since')],
    ['until=2026-02-31', 'validation_failed', expect.stringContaining('until')],
    ['colour=red', 'validation_failed', expect.stringContaining('colour')],
  ])('%s', async (query, code, detail) => {
    const { status, body } = await gateway.api('GET', `/stats?${query}`);
    expect([status, body['code'], body['detail']]).toEqual([400, code, detail]);
  });
});
