import { type HeardCall, CallbackListener } from './callback-listener.js';
import { dataOf, DeskClient } from './desk-client.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The integration guide of the customer support service, step by step, as a client that has read nothing else. */
describe('the guide, from registration to unregistration', () => {
  let desk: DeskClient;
  let listener: CallbackListener;
  let heard = 0;

  beforeAll(async () => {
    desk = await DeskClient.start();
    listener = await CallbackListener.start();
  });
  afterAll(async () => {
    await desk.stop();
    await listener.stop();
  });

  let secret: string;

  /** Waits for the one call that a step leads to; @returns what it says, its signature checked by the library */
  const nextCall = async (): Promise<{ payload: unknown; call: HeardCall }> => {
    heard += 1;
    const calls = await listener.hears(heard);
    expect(calls).toHaveLength(heard);
    const call = calls.at(-1) as HeardCall;
    expect([call.method, call.path, call.headers['content-type']]).toEqual([
      'POST',
      '/webhook/endpoint',
      'application/json',
    ]);
    return { payload: listener.verify(secret, call), call };
  };

  /** @returns the exact text of a payload: the guide's three fields, in its order, and nothing beside them */
  const textOf = (event: string, created: unknown, data: object): string => JSON.stringify({ event, created, data });

  /** When something happened, as the log has it. */
  const timeOf = async (nativeType: string): Promise<unknown> =>
    (await desk.events(`&native_type=${nativeType}`)).at(-1)?.['occurred_at'];

  const expectCall = async (event: string, data: object): Promise<void> => {
    const { payload, call } = await nextCall();
    const created = await timeOf(event);
    expect(created).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(payload).toEqual({ event, created, data });
    expect(call.text).toBe(textOf(event, created, data));
  };

  let webhookId: string;
  let ticketId: string;

  it('registers a webhook', async () => {
    const answer = await desk.request('POST', '/webhooks/register', { callback_url: listener.url });
    expect(answer.status).toBe(201);
    expect(dataOf(answer)).toEqual({
      id: expect.stringMatching(UUID),
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    webhookId = String(dataOf(answer)['id']);
    secret = String(dataOf(answer)['secret']);
  });

  it('sees it among the registered ones', async () => {
    const { status, body, text } = await desk.request('GET', '/webhooks');
    expect([status, body]).toEqual([
      200,
      {
        data: [
          {
            id: webhookId,
            callback_url: listener.url,
            events: null,
            format: 'envelope',
            disabled_at: null,
            failing_since: null,
            disables_at: null,
            created_at: expect.any(String),
          },
        ],
        next_cursor: null,
        prev_cursor: null,
      },
    ]);
    expect(text).not.toContain('whsec_');
  });

  it('tests it with a ping', async () => {
    const answer = await desk.request('POST', '/webhooks/ping');
    // One for the webhook; one for the first start's route to the sandbox.
    expect([answer.status, dataOf(answer)]).toEqual([200, { event_id: expect.stringMatching(UUID), deliveries: 2 }]);
    await expectCall('ping', {});
  });

  it('opens a ticket', async () => {
    const answer = await desk.request('POST', '/tickets', { ticket_message: 'User cannot access the dashboard.' });
    expect(answer.status).toBe(201);
    ticketId = String(dataOf(answer)['id']);
    expect(ticketId).toMatch(UUID);
    await expectCall('ticket_opened', { ticket_message: 'User cannot access the dashboard.' });
  });

  it('updates it', async () => {
    const body = { ticket_message: 'Updated issue description.' };
    const answer = await desk.request('PATCH', `/tickets/${ticketId}`, body);
    expect([answer.status, dataOf(answer)]).toEqual([200, expect.objectContaining({ id: ticketId, ...body })]);
    await expectCall('ticket_updated', body);
  });

  it('closes it', async () => {
    const answer = await desk.request('DELETE', `/tickets/${ticketId}`);
    expect([answer.status, dataOf(answer)]).toEqual([200, expect.objectContaining({ id: ticketId, status: 'closed' })]);
    await expectCall('ticket_closed', {});
  });

  it('retrieves all tickets', async () => {
    const { status, body } = await desk.request('GET', '/tickets');
    expect([status, body.data]).toEqual([200, [expect.objectContaining({ id: ticketId, status: 'closed' })]]);
  });

  it('marks the service as unavailable, and as available again', async () => {
    expect((await desk.request('POST', '/service/unavailable')).status).toBe(200);
    await expectCall('service_unavailable', {});
    expect((await desk.request('POST', '/service/available')).status).toBe(200);
    await expectCall('service_available', {});
  });

  it('unregisters the webhook, and hears no more', async () => {
    for (const id of [webhookId, webhookId, '0190a000-0000-7000-8000-000000000000']) {
      const answer = await desk.request('DELETE', `/webhooks/unregister/${id}`);
      expect([answer.status, dataOf(answer)]).toEqual([200, { id }]);
    }
    expect((await desk.request('GET', '/webhooks')).body.data).toEqual([]);
    expect(dataOf(await desk.request('POST', '/webhooks/ping'))['deliveries']).toBe(1);
    await desk.open('Nobody is called');
    await desk.gateway.settledDeliveries();
    expect(listener.heard).toHaveLength(heard);
  });

  it('has told Zulip all the while, in the thread of the ticket and in that of the desk', async () => {
    const messages = await desk.gateway.sandboxMessages();
    expect(messages.map(({ subject, content }) => [subject, content.split('\n')])).toEqual([
      ['ticket-desk', ['A ping has arrived from ticket-desk']],
      [
        'User cannot access the dashboard.',
        [
          'New ticket has been opened',
          'Ticket User cannot access the dashboard.',
          '> User cannot access the dashboard.',
        ],
      ],
      [
        'User cannot access the dashboard.',
        ['A ticket has been updated', 'Ticket User cannot access the dashboard.', '> Updated issue description.'],
      ],
      ['User cannot access the dashboard.', ['A ticket has been closed', 'Ticket User cannot access the dashboard.']],
      ['ticket-desk', ['The ticket service ticket-desk is unavailable']],
      ['ticket-desk', ['The ticket service ticket-desk is available again']],
      ['ticket-desk', ['A ping has arrived from ticket-desk']],
      ['Nobody is called', ['New ticket has been opened', 'Ticket Nobody is called', '> Nobody is called']],
    ]);
  });

  it('has each call under an id of its own, which is the delivery’s', async () => {
    const ids = listener.heard.map(({ headers }) => headers['webhook-id']);
    const { body } = await desk.gateway.api('GET', `/deliveries?limit=500&destination_id=${webhookId}`);
    expect(body.data.map((delivery) => [delivery['id'], delivery['state'], delivery['route_id']]).reverse()).toEqual(
      ids.map((id) => [id, 'delivered', null]),
    );
  });
});
