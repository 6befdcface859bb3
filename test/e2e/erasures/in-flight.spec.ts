import { waitUntil } from '../../support/wait-until.js';
import { ErasureDesk } from './erasure-desk.js';

const EMAIL = 'grace@example.com';

describe('an erasure while messages are on their way', () => {
  let erasures: ErasureDesk;

  afterEach(() => erasures.stop());

  const states = (ids: readonly string[]): Promise<Record<string, unknown>[]> =>
    erasures.sql('select state, reason, content from deliveries where event_id = any ($1) order by id', [ids]);
  const isSending = (count: number): Promise<unknown> =>
    waitUntil(async () => {
      const rows = await erasures.sql(`select from deliveries where state = 'sending'`);
      return rows.length === count && erasures.desk.zulip.received.length >= count;
    });

  it('cancels what waits: it is never sent, and what waits of others is', async () => {
    erasures = await ErasureDesk.start();
    const { gateway, zulip } = erasures.desk;
    const [destination] = (await gateway.api('GET', '/destinations')).body.data;
    const path = `/destinations/${String(destination?.['id'])}`;
    await gateway.api('POST', `${path}/pause`, {});
    const hers = [await erasures.reply(1, EMAIL, 'mine'), await erasures.reply(1, EMAIL, 'mine too')];
    const others = await erasures.reply(2, 'ada@example.com', 'ours');
    const announced = await erasures.erase(EMAIL, { dry_run: true });
    const { body } = await erasures.erase(EMAIL);
    expect(body).toEqual({ ...announced.body, dry_run: false });
    expect(body).toMatchObject({ complete: true, cancelled: 2, events: 2, in_flight: 0, messages: [] });
    const cancelled = { state: 'cancelled', reason: 'erased', content: null };
    expect(await states(hers)).toEqual([cancelled, cancelled]);
    await gateway.api('POST', `${path}/resume`);
    await erasures.settle();
    expect(zulip.received.map(({ content }) => content.includes('ours'))).toEqual([true]);
    expect(await states([others])).toMatchObject([{ state: 'delivered' }]);
    const counted = `select sum(count)::int as count from delivery_summaries where reason = 'erased'`;
    expect(await erasures.sql(counted)).toEqual([{ count: 2 }]);
  });

  it('leaves what is being sent, and all of its ticket, until it is asked for again', async () => {
    erasures = await ErasureDesk.start();
    const { gateway, zulip } = erasures.desk;
    await gateway.groove('ticket_started', {
      number: 5,
      title: 'Compilers',
      links: { customer: { href: `/v1/customers/${EMAIL}` } },
      customer_name: 'Grace Hopper',
    });
    const elsewhere = await erasures.reply(6, EMAIL, 'of another ticket');
    await erasures.settle();
    zulip.answerNext('take-and-wait');
    await gateway.groove('ticket_closed', { number: 5, title: 'Compilers', state: 'closed' });
    await isSending(1);
    const announced = await erasures.erase(EMAIL, { dry_run: true });
    const first = await erasures.erase(EMAIL);
    expect(first.body).toEqual({ ...announced.body, dry_run: false });
    expect(first.body).toMatchObject({ complete: false, in_flight: 1, events: 1 });
    expect(await states([elsewhere])).toMatchObject([{ content: '[erased]' }]);
    expect(await erasures.search(['compilers'])).not.toEqual([]);
    zulip.answerWaiting();
    await erasures.settle();
    const second = await erasures.erase(EMAIL);
    expect(second.body).toMatchObject({ complete: true, in_flight: 0, events: 2, threads: 1 });
    expect(await erasures.search(['grace', 'hopper', 'compilers'])).toEqual([]);
    const sent = zulip.taken.filter(({ topic }) => topic.includes('Compilers')).map(({ id }) => id);
    expect(second.body['messages']).toMatchObject([{ message_ids: sent, uncertain: 0 }]);
  });

  it('leaves what may have arrived, so that it is still found and nothing is said twice', async () => {
    erasures = await ErasureDesk.start();
    const { clock, zulip } = erasures.desk;
    zulip.answerNext('take-and-reset');
    await erasures.reply(1, EMAIL, 'did it arrive');
    await erasures.desk.inDoubt(1);
    expect((await erasures.erase(EMAIL)).body).toMatchObject({
      complete: false,
      in_flight: 1,
      events: 0,
      cancelled: 0,
    });
    clock.advance(20_000);
    await erasures.settle();
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({ complete: true, events: 1, messages: [{ message_ids: [zulip.taken[0]?.id] }] });
    expect(zulip.received).toHaveLength(1);
  });

  it('leaves the words of a joined message while another of its deliveries is looked up by them', async () => {
    erasures = await ErasureDesk.start({ max_requests_per_minute: 20 });
    const { clock, gateway, zulip } = erasures.desk;
    const [destination] = (await gateway.api('GET', '/destinations')).body.data;
    const route = { name: 'Desk', position: 1, destination_id: destination?.['id'], matchers: [] };
    await gateway.api('POST', '/routes', { ...route, settings: { topic: 'Desk', stop: true } });
    await erasures.useUpTheRate();
    zulip.answerBy(({ content }) => (content.includes('nanosecond') ? 'take-and-reset' : undefined));
    const hers = await erasures.reply(1, EMAIL, 'a nanosecond');
    const others = await erasures.reply(2, 'ada@example.com', 'an engine');
    await waitUntil(async () => {
      const rows = await erasures.sql('select from deliveries where in_doubt');
      if (rows.length === 2) return true;
      clock.advance(100);
      return false;
    });
    // As an admin who gives up on it.
    await erasures.sql(`update deliveries set state = 'cancelled', in_doubt = false where event_id = $1`, [hers]);
    expect((await erasures.erase(EMAIL)).body).toMatchObject({ complete: false, in_flight: 1, events: 0 });
    clock.advance(20_000);
    await erasures.settle();
    expect(await states([others])).toMatchObject([{ state: 'delivered' }]);
    expect(zulip.taken.filter(({ content }) => content.includes('an engine'))).toHaveLength(1);
    const { body } = await erasures.erase(EMAIL);
    expect(body).toMatchObject({
      complete: true,
      events: 1,
      messages: [{ message_ids: [], joined_message_ids: [], uncertain: 1 }],
    });
    expect(await erasures.search(['grace', 'nanosecond'])).toEqual([]);
  });
});
