import type { Answer } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';
import { CallbackListener } from './callback-listener.js';
import { dataOf, DeskClient } from './desk-client.js';

const SECRET = `whsec_${Buffer.alloc(24, 'a').toString('base64')}`;

describe('the subscribers of the desk', () => {
  let desk: DeskClient;
  let listener: CallbackListener;

  beforeEach(async () => {
    desk = await DeskClient.start();
    listener = await CallbackListener.start();
  });
  afterEach(async () => {
    await desk.stop();
    await listener.stop();
  });

  const register = (body: object): Promise<Answer> => desk.request('POST', '/webhooks/register', body);
  const eventsHeard = (): unknown[] => listener.payloads.map((payload) => (payload as { event: string }).event);

  it('are one for each address, whoever registers it, and keep their secret unless another is given', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => register({ callback_url: listener.url })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map((answer) => dataOf(answer)['id'])).size).toBe(1);
    const secrets = answers.flatMap((answer) => (dataOf(answer)['secret'] as string | undefined) ?? []);
    expect(secrets).toHaveLength(1);
    await desk.request('POST', '/webhooks/ping');
    const [first] = await listener.hears(1);
    expect(listener.verify(secrets[0] ?? '', first as never)).toMatchObject({ event: 'ping' });

    const again = await register({ callback_url: listener.url, secret: SECRET, events: ['ping', 'ticket_closed'] });
    expect([again.status, dataOf(again)]).toEqual([200, { id: dataOf(answers[0] as Answer)['id'] }]);
    await desk.request('POST', '/webhooks/ping');
    const [, second] = await listener.hears(2);
    // For a day the one before signs as well.
    for (const secret of [SECRET, secrets[0] ?? '']) {
      expect(listener.verify(secret, second as never)).toMatchObject({ event: 'ping' });
    }
    const { body } = await desk.request('GET', '/webhooks');
    expect(body.data).toMatchObject([{ callback_url: listener.url, events: ['ping', 'ticket_closed'] }]);
  });

  it('with a secret of their own are not shown it again', async () => {
    const answer = await register({ callback_url: listener.url, secret: SECRET });
    expect([answer.status, Object.keys(dataOf(answer))]).toEqual([201, ['id']]);
  });

  it('may have whole events, as CloudEvents', async () => {
    await register({ callback_url: listener.url, format: 'cloudevents' });
    const id = await desk.open('All of it');
    await listener.hears(1);
    expect(listener.payloads).toMatchObject([
      { specversion: '1.0', type: 'ticket.created', subject: id, data: { message: { text: 'All of it' } } },
    ]);
    await register({ callback_url: listener.url, format: 'envelope' });
    await desk.request('POST', '/webhooks/ping');
    await listener.hears(2);
    expect(eventsHeard()[1]).toBe('ping');
  });

  it('hear what they asked for, and every ping', async () => {
    await register({ callback_url: listener.url, events: ['ticket_closed'] });
    const id = await desk.open('Quiet');
    await desk.request('PATCH', `/tickets/${id}`, { ticket_message: 'Still quiet' });
    await desk.request('DELETE', `/tickets/${id}`);
    await desk.request('POST', '/webhooks/ping');
    await listener.hears(2);
    await desk.gateway.settledDeliveries();
    expect(eventsHeard().sort()).toEqual(['ping', 'ticket_closed']);
  });

  it('hear of every desk and of every ticket in the store, whatever the routes say', async () => {
    await register({ callback_url: listener.url });
    const genericKey = await desk.makeKey('ingest', await desk.makeSource('generic'));
    const deskKey = await desk.makeKey('ingest', await desk.makeSource('ticket-desk'));
    const { body: destinations } = await desk.gateway.api('GET', '/destinations');
    const zulip = destinations.data.find((destination) => destination['kind'] === 'zulip');
    await desk.gateway.api('POST', '/routes', {
      name: 'Stops everything',
      position: 1,
      matchers: [],
      destination_id: zulip?.['id'],
      settings: { stop: true },
    });
    const posted = await desk.request(
      'POST',
      '/api/integrations/webhook',
      { title: 'Lamp', description: 'It is dark.', priority: 'high', customer_email: 'c@example.com' },
      { key: genericKey },
    );
    const id = String(posted.body['id']);
    expect(dataOf(await desk.request('GET', `/tickets/${id}`))).toMatchObject({
      id,
      ticket_message: 'It is dark.',
      title: 'Lamp',
      priority: 'high',
      user_email: 'c@example.com',
      status: 'new',
      version: 1,
    });
    expect((await desk.request('GET', '/tickets')).body.data.map((ticket) => ticket['id'])).toEqual([id]);
    await desk.request('PATCH', `/tickets/${id}`, { ticket_message: 'It is light.' }, { key: genericKey });
    expect((await desk.request('DELETE', `/tickets/${id}`, undefined, { key: deskKey })).status).toBe(404);
    expect((await desk.request('DELETE', `/tickets/${id}`)).status).toBe(200);
    await listener.hears(3);
    await desk.open('Another desk', { key: deskKey });
    await listener.hears(4);
    expect(listener.payloads.map((payload) => ({ ...(payload as object), created: '' }))).toEqual([
      { event: 'ticket_opened', created: '', data: { ticket_message: 'It is dark.' } },
      { event: 'ticket_updated', created: '', data: { ticket_message: 'It is light.' } },
      { event: 'ticket_closed', created: '', data: {} },
      { event: 'ticket_opened', created: '', data: { ticket_message: 'Another desk' } },
    ]);
    const events = await desk.events(`&ticket=${id}`);
    expect(events.map((event) => [event['type'], event['source']])).toEqual(
      ['ticket.created', 'ticket.updated', 'ticket.closed'].map((type) => [type, events[0]?.['source']]),
    );
    expect(events[2]?.['ticket']).toMatchObject({
      key: id,
      title: 'Lamp',
      priority: { native: 'high', normal: 'high' },
      requester: { email: 'c@example.com' },
      status: { native: 'closed', normal: 'closed' },
    });
  });

  it('are not told of what other helpdesks say', async () => {
    await register({ callback_url: listener.url });
    await desk.gateway.groove('ticket_started', { number: 1, title: 'Groove’s own' });
    await desk.gateway.settledDeliveries();
    expect(listener.heard).toEqual([]);
  });

  it('unregistered, are spared what waits', async () => {
    listener.answers.push(...Array.from({ length: 50 }, () => 500));
    const { id } = await desk.register({ callback_url: listener.url });
    await desk.open('Waits');
    await listener.hears(1);
    const ofSubscriber = `/deliveries?destination_id=${String(id)}`;
    await waitUntil(async () => {
      const [delivery] = (await desk.gateway.api('GET', ofSubscriber)).body.data;
      return delivery?.['state'] === 'pending' && delivery['attempts'] === 1;
    });
    await desk.request('DELETE', `/webhooks/unregister/${String(id)}`);
    expect((await desk.gateway.api('GET', ofSubscriber)).body.data).toMatchObject([{ state: 'cancelled' }]);
    const anew = await register({ callback_url: listener.url });
    expect([anew.status, dataOf(anew)['id'] === id]).toEqual([201, false]);
  });
});
