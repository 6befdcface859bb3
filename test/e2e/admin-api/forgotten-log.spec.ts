import { Retention } from '../../../src/retention/retention.js';
import { DeliveryDesk } from '../../support/delivery-desk.js';
import { OldLog } from '../../support/old-log.js';

const DAY_MS = 86_400_000;

describe('what is asked of a log that has been shortened', () => {
  let desk: DeliveryDesk;
  let log: OldLog;
  let event: string;
  let delivery: string;

  const start = async (environment: Record<string, string>): Promise<void> => {
    desk = await DeliveryDesk.start({ environment });
    log = await OldLog.open(desk.gateway.databaseUrl);
    await desk.reply(9, 'It burns.');
    const [row] = await desk.inStates('delivered');
    [event, delivery] = [String(row?.['event_id']), String(row?.['id'])];
  };

  const grow = async (days: number): Promise<void> => {
    desk.clock.advance(days * DAY_MS);
    // Of the round that began on the way, and of one of now.
    await desk.gateway.app.get(Retention, { strict: false }).run();
    await desk.gateway.app.get(Retention, { strict: false }).run();
  };

  afterEach(async () => {
    await log.close();
    await desk.stop();
  });

  const get = (path: string) => desk.gateway.api('GET', path);

  it('events gone, deliveries kept: the delivery has no event, and the event is not found', async () => {
    await start({ RETENTION_DAYS_EVENTS: '30' });
    expect((await get(`/deliveries/${delivery}?include=event`)).body['event']).toMatchObject({ id: event });
    await grow(65);
    const { status, body } = await get(`/deliveries/${delivery}?include=event,attempts`);
    expect([status, body['event'], body['event_id'], body['state']]).toEqual([200, null, event, 'delivered']);
    expect(body['attempts']).toHaveLength(1);
    expect((await get('/events')).body.data).toEqual([]);
    const preview = desk.gateway.api('POST', '/routes/preview', { event_id: event });
    for (const answer of [
      await get(`/events/${event}?include=raw,deliveries`),
      await get(`/events/${event}/explain`),
      await preview,
    ]) {
      expect([answer.status, answer.body['code'], answer.body['detail']]).toEqual([
        404,
        'not_found',
        'There is no such event.',
      ]);
    }
  });

  it('deliveries gone, events kept: the event has none, and says all the same how it was judged', async () => {
    await start({ RETENTION_DAYS_DELIVERIES: '30', RETENTION_DAYS_ATTEMPTS: '30' });
    await grow(65);
    expect((await get(`/deliveries/${delivery}`)).status).toBe(404);
    expect((await get(`/events/${event}?include=deliveries`)).body['deliveries']).toEqual([]);
    const { body } = await get(`/events/${event}/explain`);
    expect(body['routes']).toMatchObject([{ name: 'All', matched: true, deliveries: [] }]);
    expect(await log.count('attempts')).toBe(0);
  });

  it('raw bodies gone: the event stays, without what it came as', async () => {
    await start({ RETENTION_DAYS_RAW: '10' });
    expect((await get(`/events/${event}?include=raw`)).body['raw']).toMatchObject({ encoding: 'utf-8' });
    await grow(9);
    expect((await get(`/events/${event}?include=raw`)).body['raw']).not.toBeNull();
    await grow(2);
    const { status, body } = await get(`/events/${event}?include=raw`);
    expect([status, body['raw'], body['type']]).toEqual([200, null, 'message.customer_replied']);
  });

  it('a repetition of an event that is gone is a repetition all the same', async () => {
    await start({});
    const repeat = () =>
      desk.gateway.groove('customer_replied', {
        id: 'reply-1',
        plain_text_body: 'It burns.',
        links: { ticket: { href: '/v1/tickets/9' }, author: { href: '/v1/customers/c@example.com' } },
      });
    await log.sql('delete from events where id = $1', [event]);
    const { status, body } = await repeat();
    expect([status, body['event_ids'], body['duplicate']]).toEqual([200, [event], true]);
    const [stored] = (await get('/events')).body.data;
    expect(stored).toMatchObject({ outcome: 'duplicate', duplicate_of: event });
    expect((await get(`/events/${String(stored?.['id'])}/explain`)).body['duplicate_of']).toBe(event);
  });

  it('a delivery that waits keeps its event, and goes out in the end', async () => {
    await start({ RETENTION_DAYS: '30' });
    const destination = (await get('/destinations')).body.data[0];
    await desk.gateway.api('POST', `/destinations/${String(destination?.['id'])}/pause`);
    await desk.reply(10, 'It still burns.');
    await desk.inStates('delivered', 'pending');
    await grow(65);
    expect((await desk.deliveries()).map(({ state }) => state)).toEqual(['delivered', 'pending']);
    await desk.gateway.api('POST', `/destinations/${String(destination?.['id'])}/resume`);
    await desk.passTimeUntilDelivered();
    expect(desk.texts).toEqual(['It burns.', 'It still burns.']);
  });
});
