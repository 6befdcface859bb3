import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

// As Groove really sends it, seen on the wire in 2017; the documentation shows about a third of the keys.
const STARTED = {
  created_at: '2017-12-14 20:09:19 +0530',
  href: 'http://api.groovehq.com/v1/tickets/9',
  links: { customer: { id: '0070883940', href: 'http://api.groovehq.com/v1/customers/customer@example.com' } },
  number: 9,
  priority: 'low',
  state: 'opened',
  title: 'Test Subject',
  updated_at: '2017-12-14 20:09:19 +0530',
  assigned_group: null,
  assignee: null,
  tags: [],
  mailbox: 'Inbox',
  app_url: 'https://testteam.groovehq.com/groove_client/tickets/68659446',
  customer_name: 'Test Name',
  last_message_plain_text: 'first line of the message\nsecond line',
};

const ticket = (number: number, fields: object): object => ({
  number,
  href: `https://api.groovehq.com/v1/tickets/${number}`,
  ...fields,
});

const message = (number: number, author: string, fields: object): object => ({
  id: '4810291604',
  href: 'http://api.groovehq.com/v1/messages/4810291604',
  note: false,
  links: {
    author: { href: `http://api.groovehq.com/v1/${author}` },
    ticket: { href: `http://api.groovehq.com/v1/tickets/${number}` },
  },
  ...fields,
});

describe('the main road', () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await TestGateway.start();
  });

  afterEach(async () => {
    await gateway.stop();
  });

  it.each<[string, string, unknown, { topic: string; content: string }]>([
    [
      'a new ticket',
      'ticket_started',
      STARTED,
      {
        topic: '#9 Test Subject',
        content:
          'New ticket has been opened for Test Name\n' +
          '[Ticket #9 Test Subject](https://testteam.groovehq.com/groove_client/tickets/68659446)\n' +
          '> first line of the message\n' +
          '> second line',
      },
    ],
    [
      'an assignment to a group and an agent',
      'ticket_assigned',
      ticket(3, { assigned_group: 'group2', assignee: 'agent@example.com' }),
      { topic: '#3', content: 'Ticket #3 has been assigned to :\nGroup : group2\nAgent : agent@example.com' },
    ],
    [
      'an assignment to an agent alone',
      'ticket_assigned',
      ticket(3, { assigned_group: null, assignee: 'agent@example.com' }),
      { topic: '#3', content: 'Ticket #3 has been assigned to :\nAgent : agent@example.com' },
    ],
    [
      'an assignment to a group alone',
      'ticket_assigned',
      ticket(3, { assigned_group: 'group2', assignee: null }),
      { topic: '#3', content: 'Ticket #3 has been assigned to :\nGroup : group2' },
    ],
    [
      "a customer's reply",
      'customer_replied',
      message(3, 'customers/customer@example.com', {
        plain_text_body: 'replied message',
        app_ticket_url: 'https://ghostfox.groovehq.com/groove_client/tickets/68666538',
      }),
      {
        topic: '#3',
        content:
          'customer@example.com has replied to a ticket\n' +
          '[Ticket #3](https://ghostfox.groovehq.com/groove_client/tickets/68666538)\n' +
          '> replied message',
      },
    ],
    [
      "an agent's reply, where no URL is known",
      'agent_replied',
      message(3, 'agents/agent@example.com', { plain_text_body: 'replied message' }),
      { topic: '#3', content: 'agent@example.com has replied to a ticket\nTicket #3\n> replied message' },
    ],
    [
      'a note',
      'note_added',
      message(4, 'agents/agent@example.com', {
        note: true,
        plain_text_body: 'note message',
        app_ticket_url: 'https://ghostfox.groovehq.com/groove_client/tickets/1',
      }),
      {
        topic: '#4',
        content:
          'agent@example.com has left a note on a ticket\n' +
          '[Ticket #4](https://ghostfox.groovehq.com/groove_client/tickets/1)\n' +
          '> note message',
      },
    ],
  ])('%s arrives word for word', async (_story, event, body, expected) => {
    const answer = await gateway.groove(event, body);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ event_ids: [expect.stringMatching(/^[0-9a-f-]{36}$/)], deliveries: 1 });

    const [delivery] = await gateway.settledDeliveries();
    const [sent] = await gateway.sandboxMessages();
    expect(sent).toMatchObject({ display_recipient: 'support', subject: expected.topic, content: expected.content });
    expect(delivery).toEqual({
      id: expect.any(String),
      event_id: (answer.body['event_ids'] as string[])[0],
      route_id: expect.any(String),
      destination_id: expect.any(String),
      state: 'delivered',
      attempts: 1,
      next_attempt_at: null,
      channel: 'support',
      ...expected,
      message_id: sent?.id,
      reason: null,
      detail: null,
      created_at: expect.any(String),
      finished_at: expect.any(String),
      replay_of: null,
      replayed_by: null,
    });
  });

  it('records the attempt and the event with its delivery', async () => {
    await gateway.groove('ticket_started', STARTED);
    const [delivery] = await gateway.settledDeliveries();
    const { body } = await gateway.api('GET', `/deliveries/${String(delivery?.['id'])}?include=attempts,event`);
    expect(body['attempts']).toEqual([
      {
        id: expect.any(String),
        delivery_id: delivery?.['id'],
        number: 1,
        started_at: expect.any(String),
        duration_ms: expect.any(Number),
        outcome: 'sent',
        reason: null,
        http_status: 200,
        response: expect.stringContaining('"result":"success"'),
        message_id: delivery?.['message_id'],
        in_doubt: false,
        looked_up: null,
        joined_id: null,
      },
    ]);
    expect(body['event']).toMatchObject({
      outcome: 'accepted',
      type: 'ticket.created',
      native_type: 'ticket_started',
      source: { provider: 'groove', name: 'groove' },
      ticket: { key: '9', number: '9', title: 'Test Subject', requester: { name: 'Test Name' } },
      occurred_at: '2017-12-14T14:39:19.000Z',
      route_revision: 1,
    });
  });

  it('says nothing about a ticket assigned to nobody, and logs why', async () => {
    const answer = await gateway.groove('ticket_assigned', ticket(3, { assigned_group: null, assignee: null }));
    expect(answer.status).toBe(202);
    const deliveries = await gateway.settledDeliveries();
    expect(deliveries).toEqual([
      expect.objectContaining({ state: 'skipped', reason: 'nothing_to_say', attempts: 0, message_id: null }),
    ]);
    expect(await gateway.sandboxMessages()).toEqual([]);
  });

  it('keeps the first topic of a ticket when its title changes', async () => {
    await gateway.groove('ticket_started', STARTED);
    await gateway.settledDeliveries();
    await gateway.groove('ticket_closed', { ...STARTED, title: 'A better subject', state: 'closed' });
    const deliveries = await gateway.settledDeliveries();
    expect(deliveries.map((delivery) => delivery['topic'])).toEqual(['#9 Test Subject', '#9 Test Subject']);
  });

  it('answers a repeated webhook with the first event, once, and delivers nothing again', async () => {
    const first = await gateway.groove('ticket_started', STARTED);
    const again = await gateway.groove('ticket_started', STARTED);
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ event_ids: first.body['event_ids'], deliveries: 0, duplicate: true });
    await gateway.settledDeliveries();
    expect(await gateway.sandboxMessages()).toHaveLength(1);
    const events = await gateway.api('GET', '/events');
    expect(events.body.data.map((event) => [event['outcome'], event['duplicate_of']])).toEqual([
      ['duplicate', (first.body['event_ids'] as string[])[0]],
      ['accepted', null],
    ]);
  });

  it('takes Open, Pending, Open, Pending for four events', async () => {
    for (const [index, state] of ['opened', 'pending', 'opened', 'pending'].entries()) {
      const body = { ...STARTED, state, updated_at: `2017-12-14 20:1${index}:00 +0530` };
      const wrapped = { href: '/v1/tickets/9', state, ticket_number: 9, ticket: body };
      expect((await gateway.groove('ticket_state_changed', wrapped)).status).toBe(202);
    }
    expect(await gateway.settledDeliveries()).toHaveLength(4);
  });

  it('keeps the order of a ticket through a burst', async () => {
    const bodies = Array.from({ length: 40 }, (_, index) =>
      message(1 + (index % 4), 'customers/customer@example.com', {
        id: String(index),
        plain_text_body: `reply ${index}`,
      }),
    );
    for (const body of bodies) expect((await gateway.groove('customer_replied', body)).status).toBe(202);
    await waitUntil(async () => (await gateway.sandboxMessages()).length === bodies.length);
    const arrived = await gateway.sandboxMessages();
    for (const topic of ['#1', '#2', '#3', '#4']) {
      const numbers = arrived
        .filter((sent) => sent.subject === topic)
        .map((sent) => Number(/reply (\d+)/.exec(sent.content)?.[1]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(numbers).toHaveLength(10);
    }
  });

  it('lets a customer neither ping nor break out', async () => {
    await gateway.groove('ticket_started', {
      ...STARTED,
      title: 'foo](https://evil.example) @**all**',
      customer_name: '@**everyone**',
      last_message_plain_text: '```\n@**all**\n',
    });
    await gateway.settledDeliveries();
    const [sent] = await gateway.sandboxMessages();
    expect(sent).toMatchObject({
      content:
        'New ticket has been opened for @&#42;&#42;everyone&#42;&#42;\n' +
        '[Ticket #9 foo&#93;&#40;https&#58;//evil.example&#41; @&#42;&#42;all&#42;&#42;](https://testteam.groovehq.com/groove_client/tickets/68659446)\n' +
        '> ```\n' +
        '> @**all**',
      flags: ['read'],
    });
  });
});
