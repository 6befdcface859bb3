import { Client } from 'pg';
import { Cluster } from '../../support/cluster.js';
import { DeliveryDesk, ZULIP_ERRORS } from '../../support/delivery-desk.js';
import { FakeClock } from '../../support/fake-clock.js';
import type { Answer } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

const NOBODY = '01890000-0000-7000-8000-000000000000';

describe('cancelling', () => {
  let desk: DeliveryDesk;

  beforeEach(async () => {
    desk = await DeliveryDesk.start();
    desk.zulip.answerBy(({ content }) => (content.includes('poison') ? ZULIP_ERRORS.broken : undefined));
  });
  afterEach(() => desk.stop());

  const post = (path: string, body?: unknown): Promise<Answer> => desk.gateway.api('POST', `/deliveries/${path}`, body);

  const ask = async (text: string): Promise<unknown[]> => {
    const client = new Client({ connectionString: desk.gateway.databaseUrl });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    await client.end();
    return rows;
  };

  it('ends what waits, and lets what waited behind it go at once', async () => {
    await desk.reply(9, 'poison');
    await desk.withReason('server_error');
    await desk.reply(9, 'next');
    const [head] = await desk.inStates('pending', 'pending');
    const id = String(head?.['id']);
    const answer = await post(`${id}/cancel`);
    const cancelled = {
      ...head,
      state: 'cancelled',
      reason: 'cancelled',
      next_attempt_at: null,
      finished_at: desk.clock.now().toISOString(),
    };
    expect([answer.status, answer.body]).toEqual([200, cancelled]);
    const [kept] = await desk.inStates('cancelled', 'delivered');
    expect([kept, desk.texts]).toEqual([cancelled, ['next']]);
    expect((await desk.gateway.api('GET', '/changes?action=cancel')).body.data).toMatchObject([
      {
        subject: { kind: 'delivery', id },
        before: { state: 'pending', attempts: 1, reason: 'server_error', in_doubt: false },
        after: { state: 'cancelled', attempts: 1, reason: 'cancelled', in_doubt: false },
      },
    ]);
    expect([(await post(`${id}/cancel`)).body['code'], (await post(`${NOBODY}/cancel`)).status]).toEqual([
      'finished',
      404,
    ]);
  });

  it('leaves what is on its way, and asks no more for what is in doubt', async () => {
    desk.zulip.answerNext('take-and-wait');
    await desk.reply(9, 'slow');
    const [sending] = await desk.inStates('sending');
    await waitUntil(() => desk.zulip.received.length === 1);
    const refused = await post(`${String(sending?.['id'])}/cancel`);
    expect([refused.status, refused.body['code']]).toEqual([409, 'in_flight']);
    const all = await post('cancel', { filter: { ticket: '9' } });
    expect(all.body).toEqual({ dry_run: false, count: 0, left_out: { in_flight: 0 } });
    desk.zulip.answerWaiting();
    await desk.inStates('delivered');

    desk.zulip.answerNext('reset');
    await desk.reply(7, 'doubtful');
    const doubtful = (await desk.withReason('network'))[0];
    const before = desk.lookUps;
    expect((await post(`${String(doubtful?.['id'])}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    desk.untilNothingLands();
    await desk.reply(7, 'after it');
    await desk.inStates('delivered', 'cancelled', 'delivered');
    expect(desk.lookUps).toBe(before);
    expect(await desk.attemptsOf(doubtful)).toMatchObject([{ in_doubt: true, looked_up: null }]);
    expect(await ask(`select in_doubt from deliveries where state = 'cancelled'`)).toEqual([{ in_doubt: false }]);
  });

  it('ends all that waits of what a filter names, counted first, and nothing of the rate with it', async () => {
    const [destination] = (await desk.gateway.api('GET', '/destinations')).body.data;
    const path = `/destinations/${String(destination?.['id'])}`;
    await desk.gateway.api('PATCH', path, { settings: { max_requests_per_minute: 4, join: false } });
    for (const ticket of [1, 2, 3, 4, 5, 6, 7, 8]) await desk.reply(ticket, `text ${ticket}`);
    await waitUntil(() => desk.texts.length === 2);
    await desk.inStates('delivered', 'delivered', ...Array.from({ length: 6 }, () => 'pending'));
    const filter = { destination_id: destination?.['id'], since: '2020-01-01' };
    const counted = await post('cancel', { filter, dry_run: true });
    expect(counted.body).toEqual({ dry_run: true, count: 6, left_out: { in_flight: 0 } });
    const { body } = await post('cancel', { filter });
    expect(body).toEqual({ dry_run: false, count: 6, left_out: { in_flight: 0 } });
    const summaries = await ask(`select reason, sum(count)::int as count from delivery_summaries
      where state = 'cancelled' group by 1`);
    expect(summaries).toEqual([{ reason: 'cancelled', count: 6 }]);
    expect((await desk.gateway.api('GET', '/changes?action=cancel')).body.data).toMatchObject([
      { subject: { kind: 'delivery', name: '6 deliveries' }, before: null, after: { filter, count: 6 } },
    ]);
    const began = desk.clock.now().getTime();
    await desk.reply(9, 'new');
    await desk.reply(9, 'newer');
    await waitUntil(() => {
      desk.clock.advance(500);
      return desk.texts.length === 4;
    });
    // Two of the four went in this minute, and what was cancelled took none of the others.
    expect(desk.texts.slice(2)).toEqual(['new', 'newer']);
    expect(desk.clock.now().getTime() - began).toBeLessThan(61_000);
  });

  it('refuses what it does not understand', async () => {
    for (const [body, code] of [
      [{ filter: {} }, 'empty_filter'],
      [{}, 'validation_failed'],
      [{ filter: { state: 'dead' } }, 'validation_failed'],
      [{ filter: { ticket: '9', cursor: 'x' } }, 'validation_failed'],
      [{ filter: { ticket: '9' }, dry_run: 1 }, 'validation_failed'],
    ] as const) {
      const answer = await post('cancel', body);
      expect([body, answer.status, answer.body['code']]).toEqual([body, 400, code]);
    }
  });
});

it('lets the lane go on at once where another process owns the destination', async () => {
  const cluster = await Cluster.open(300);
  try {
    const api = await cluster.start('api');
    // It looks at nothing unless it is told.
    await cluster.start('worker', new FakeClock());
    cluster.zulip.answerBy(({ content }) => (content.includes('poison') ? ZULIP_ERRORS.broken : undefined));
    await cluster.post(api.url, 9, 'poison');
    await waitUntil(async () => (await cluster.ask('select reason from deliveries')) === 'server_error');
    await cluster.post(api.url, 9, 'next');
    const id = String(await cluster.ask('select id from deliveries order by sequence limit 1'));
    expect((await cluster.api(api.url, 'POST', `/deliveries/${id}/cancel`)).status).toBe(200);
    await waitUntil(() => cluster.texts.includes('next'));
  } finally {
    await cluster.close();
  }
});
