import { INTEGRATION_EXAMPLES } from '../support/integration-examples.js';
import { call, type Answer, TestGateway } from '../support/test-gateway.js';

const PATH = '/api/integrations/webhook';

/** Fields of every ticket that is new. */
const NEW = {
  status: 'new',
  user_type: 'customer',
  resolution: '',
  resolved_by: '',
  resolution_type: '',
  agent_confidence: 0,
  processing_duration_ms: 0,
  similar_cases_found: 0,
  kb_articles_used: 0,
  workflow_steps: [],
  resolved_at: null,
};

describe('the integration endpoint', () => {
  let gateway: TestGateway;
  let key: string;
  let sourceId: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const { body: source } = await gateway.api('POST', '/sources', { name: 'Shop', provider: 'generic' });
    sourceId = String(source['id']);
    key = await makeKey('ingest', sourceId);
  });
  afterAll(() => gateway.stop());

  const makeKey = async (role: string, source?: string): Promise<string> => {
    const { body } = await gateway.api('POST', '/api-keys', {
      name: `${role} of ${source ?? 'none'}`,
      role,
      ...(source !== undefined && { source_id: source }),
    });
    return String(body['key']);
  };
  const post = (body: unknown, path = '', headers: Record<string, string> = {}): Promise<Answer> =>
    call(gateway.url + PATH + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it.each(INTEGRATION_EXAMPLES)('opens a ticket for %s', async (_system, sent, expected) => {
    const { status, body } = await post(sent);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...NEW,
      ...expected,
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      updated_at: body['created_at'],
    });
    const { body: events } = await gateway.api('GET', `/events?ticket=${String(body['id'])}`);
    expect(events.data).toMatchObject([{ source: { id: sourceId }, type: 'ticket.created', outcome: 'accepted' }]);
  });

  it('shows the ticket in Zulip', async () => {
    const { body } = await post({
      subject: 'The door is stuck',
      body: 'It will not open.',
      customer_email: 'a@example.com',
    });
    const deliveries = await gateway.settledDeliveries(`&ticket=${String(body['id'])}`);
    expect(deliveries).toMatchObject([
      {
        state: 'delivered',
        content: 'New ticket has been opened for a@example.com\nTicket The door is stuck\n> It will not open.',
      },
    ]);
  });

  it('answers a repetition with the ticket that the first one opened', async () => {
    const ticket = { title: 'Once', description: 'Only once', id: 77, user_id: 5 };
    const first = await post(ticket);
    const second = await post(ticket);
    expect(first.body).toMatchObject({ user_id: '5', ticket_metadata: { external_id: '77', platform: 'external' } });
    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  it.each<[string, unknown, string]>([
    ['no title', { description: 'x' }, 'Title or subject is required'],
    ['a blank title', { title: ' ', subject: '', description: 'x' }, 'Title or subject is required'],
    ['no description', { title: 'x' }, 'Description or body is required'],
    ['nothing', {}, 'Title or subject is required'],
  ])('refuses %s', async (_story, body, detail) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ detail, code: 'invalid_payload', status: 400 });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('refuses what cannot be read, and keeps what it was', async () => {
    const answer = await post('{"title": ');
    expect([answer.status, answer.body['code']]).toEqual([400, 'unreadable_body']);
    const { body } = await gateway.api('GET', `/events?outcome=rejected&source_id=${sourceId}&limit=1`);
    expect(body.data).toMatchObject([{ reason: 'unreadable_body' }]);
  });

  it('takes a batch in which one item fails alone', async () => {
    const items = [{ title: 'Ticket 1', description: 'Description 1', priority: 'high' }, {}, { subject: 'x' }];
    const first = await post(items, '/batch');
    expect([first.status, first.body]).toEqual([
      200,
      {
        status: 'completed',
        created_count: 1,
        failed_count: 2,
        created_tickets: [{ index: 0, ticket_id: expect.any(String), title: 'Ticket 1' }],
        failed_tickets: [
          { index: 1, error: 'Title or subject is required', data: {} },
          { index: 2, error: 'Description or body is required', data: { subject: 'x' } },
        ],
      },
    ]);
    expect((await post(items, '/batch')).body).toEqual(first.body);
  });

  it('takes the batch of its documentation', async () => {
    const items = [
      { title: 'Ticket 1', description: 'Description 1', priority: 'high', user_email: 'user1@example.com' },
      { title: 'Ticket 2', description: 'Description 2', priority: 'medium', user_email: 'user2@example.com' },
    ];
    const { status, body } = await post(items, '/batch');
    expect([status, body]).toEqual([
      200,
      {
        status: 'completed',
        created_count: 2,
        failed_count: 0,
        created_tickets: [
          { index: 0, ticket_id: expect.any(String), title: 'Ticket 1' },
          { index: 1, ticket_id: expect.any(String), title: 'Ticket 2' },
        ],
        failed_tickets: [],
      },
    ]);
  });

  it('takes equal items of a batch for tickets of their own, and 1,000 of them', async () => {
    const item = { title: 'Same', description: 'Same' };
    const { body } = await post(Array<object>(1_000).fill(item), '/batch');
    expect(body).toMatchObject({ created_count: 1_000, failed_count: 0 });
    const ids = (body['created_tickets'] as { ticket_id: string }[]).map(({ ticket_id: id }) => id);
    expect(new Set(ids).size).toBe(1_000);
  });

  it.each<[string, unknown, string]>([
    ['no list', { title: 'x', description: 'y' }, 'The body is not a list of tickets.'],
    ['too long a list', Array<object>(1_001).fill({}), 'The list is longer than 1000 tickets.'],
  ])('refuses a batch that is %s', async (_story, body, detail) => {
    const answer = await post(body, '/batch');
    expect([answer.status, answer.body['detail']]).toEqual([400, detail]);
  });

  it('answers a batch of which nothing can be understood, and an empty one', async () => {
    expect((await post([{}], '/batch')).body).toMatchObject({ status: 'completed', created_count: 0, failed_count: 1 });
    expect((await post([], '/batch')).body).toMatchObject({ status: 'completed', created_count: 0, failed_count: 0 });
  });

  it('tells of itself without a key', async () => {
    const { status, body } = await call(`${gateway.url}${PATH}/health`, {});
    expect([status, body]).toEqual([
      200,
      {
        status: 'healthy',
        endpoint: 'webhook',
        supported_platforms: ['zendesk', 'freshdesk', 'jira', 'servicenow', 'custom'],
        features: ['flexible_field_mapping', 'automatic_validation', 'batch_processing', 'metadata_preservation'],
      },
    ]);
  });

  it('is for keys of generic sources', async () => {
    const { body: groove } = await gateway.api('POST', '/sources', { name: 'A Groove', provider: 'groove' });
    const ticket = { title: 'Whose', description: 'x' };
    const answers = await Promise.all([
      post(ticket, '', { authorization: '' }),
      post(ticket, '', { authorization: `Bearer ${await makeKey('auditor')}` }),
      post(ticket, '', { authorization: `Bearer ${await makeKey('ingest', String(groove['id']))}` }),
      post(ticket, '', { authorization: `Bearer ${gateway.adminKey}` }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 403, 200]);
  });

  it('opens the tickets of a mapped system, which go by its own keys', async () => {
    const mapping = {
      type: '{% if body.state == "new" %}ticket.created{% else %}ticket.updated{% endif %}',
      'ticket.key': '{{ body.no }}',
      'ticket.title': '{{ body.head }}',
      'message.text': '{{ body.words }}',
    };
    const { body: source } = await gateway.api('POST', '/sources', {
      name: 'Mapped',
      provider: 'generic',
      settings: { mapping },
    });
    const headers = { authorization: `Bearer ${await makeKey('ingest', String(source['id']))}` };
    const { body: ticket } = await post({ no: 'C-1', state: 'new', head: 'Lamp', words: 'It is dark.' }, '', headers);
    expect(ticket).toMatchObject({
      title: 'Lamp',
      description: 'It is dark.',
      category: 'general',
      priority: 'medium',
      ticket_metadata: { external_id: 'C-1', platform: 'custom', source: 'webhook' },
    });
    const update = await post({ no: 'C-1', state: 'old', words: 'Still dark.' }, '', headers);
    expect(update.body).toEqual({ event_ids: [expect.any(String)], deliveries: 1 });
    const { body: events } = await gateway.api('GET', '/events?ticket=C-1');
    expect(events.data.map((event) => event['type'])).toEqual(['ticket.updated', 'ticket.created']);
    const batch = await post(
      [
        { no: 'C-2', state: 'new', head: 'Door' },
        { no: 'C-1', state: 'old' },
      ],
      '/batch',
      headers,
    );
    expect(batch.body).toMatchObject({
      created_tickets: [{ index: 0, title: 'Door' }],
      failed_tickets: [{ index: 1, error: 'A batch holds new tickets only: send other webhooks one by one' }],
    });
  });
});
