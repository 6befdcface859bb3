import type { Answer } from '../../support/test-gateway.js';
import { dataOf, DeskClient } from './desk-client.js';

describe('the state of the service', () => {
  let desk: DeskClient;

  beforeAll(async () => {
    desk = await DeskClient.start();
  });
  afterAll(() => desk.stop());

  const mark = (state: string, key?: string): Promise<Answer> =>
    desk.request('POST', `/service/${state}`, undefined, key === undefined ? {} : { key });
  const status = async (key?: string): Promise<unknown> =>
    dataOf(await desk.request('GET', '/service', undefined, key === undefined ? {} : { key }));

  it('is told only where it changes', async () => {
    const fine = { status: 'available', available: true, changed_at: null };
    expect(await status()).toEqual(fine);
    expect(dataOf(await mark('available'))).toEqual({ ...fine, changed: false });

    const down = await mark('unavailable');
    const changedAt = dataOf(down)['changed_at'];
    expect([down.status, dataOf(down)]).toEqual([
      200,
      { status: 'unavailable', available: false, changed_at: expect.any(String), changed: true },
    ]);
    expect(dataOf(await mark('unavailable'))).toEqual({ ...dataOf(down), changed: false });
    expect(await status()).toEqual({ status: 'unavailable', available: false, changed_at: changedAt });

    const up = await mark('available');
    expect(dataOf(up)).toEqual({ status: 'available', available: true, changed_at: expect.any(String), changed: true });
    expect(dataOf(await mark('available'))).toEqual({ ...dataOf(up), changed: false });

    const events = await desk.events();
    expect(events.map((event) => [event['type'], event['native_type'], event['ticket']])).toEqual([
      ['service.unavailable', 'service_unavailable', undefined],
      ['service.available', 'service_available', undefined],
    ]);
    await desk.gateway.settledDeliveries();
    expect((await desk.gateway.sandboxMessages()).map(({ subject, content }) => [subject, content])).toEqual([
      ['ticket-desk', 'The ticket service ticket-desk is unavailable'],
      ['ticket-desk', 'The ticket service ticket-desk is available again'],
    ]);
  });

  it('changes once, however many say so at once', async () => {
    const before = (await desk.events()).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => mark('unavailable')));
    expect(answers.filter((answer) => dataOf(answer)['changed'] === true)).toHaveLength(1);
    expect(new Set(answers.map((answer) => dataOf(answer)['changed_at'])).size).toBe(1);
    expect(await desk.events()).toHaveLength(before + 1);
    await mark('available');
  });

  it('is each desk’s own', async () => {
    const key = await desk.makeKey('ingest', await desk.makeSource('ticket-desk'));
    expect(dataOf(await mark('unavailable', key))).toMatchObject({ changed: true });
    expect(await status(key)).toMatchObject({ available: false });
    expect(await status()).toMatchObject({ available: true });
  });

  it('knows no other states', async () => {
    expect((await mark('busy')).status).toBe(404);
  });
});
