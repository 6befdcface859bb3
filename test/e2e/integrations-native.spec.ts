import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';

type Row = Record<string, unknown>;

const GENERIC = join(__dirname, '../../src/providers/generic');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(GENERIC, path), 'utf8'));
const [{ messages }] = readJson('messages.json') as [{ messages: Record<string, { content: string[] }[]> }];

describe('helpdesks of all kinds by one address', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  const makeSource = async (
    name: string,
    secrets: object = {},
  ): Promise<{ id: string; hookUrl: string; key: string }> => {
    const { body: source } = await gateway.api('POST', '/sources', { name, provider: 'generic', secrets });
    const id = String(source['id']);
    const { body } = await gateway.api('POST', '/api-keys', { name, role: 'ingest', source_id: id });
    return { id, hookUrl: String(source['hook_url']), key: String(body['key']) };
  };
  const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const integration = (): string => `${gateway.url}/api/integrations/webhook`;

  it.each([
    ['zendesk.ticket.status_changed__sample', 'ticket.status_changed'],
    ['freshdesk.ticket_action.created__sample', 'ticket.created'],
    ['jira.issue_updated__sample', 'ticket.status_changed'],
    ['servicenow.insert__sample', 'ticket.created'],
  ])('takes %s as its hook would', async (fixture, type) => {
    const { id, key } = await makeSource(fixture);
    const { body: sent } = readJson(`fixtures/${fixture}.json`) as { body: unknown };
    const { status, body } = await post(integration(), sent, { authorization: `Bearer ${key}` });
    expect([status, body]).toEqual([200, { event_ids: [expect.any(String)], deliveries: 1 }]);
    const { body: events } = await gateway.api('GET', `/events?source_id=${id}`);
    expect(events.data).toMatchObject([{ type, native_type: fixture.split('__')[0], outcome: 'accepted' }]);
    const deliveries = await gateway.settledDeliveries(`&source_id=${id}`);
    expect(deliveries).toMatchObject([
      { state: 'delivered', content: messages[fixture]?.map(({ content }) => content.join('\n')).join() },
    ]);
  });

  it('stores the ticket of a form that comes by the hook', async () => {
    const { id, hookUrl } = await makeSource('Forms');
    const form = {
      title: 'By the hook',
      body: 'It opens.',
      category: 'Doors',
      priority: 'HIGH',
      id: 7,
      user_id: 'u-1',
      customer_email: 'ann@example.com',
      metadata: { floor: 3, source: 'mail' },
    };
    const { status, body } = await post(hookUrl, form);
    expect([status, body['deliveries']]).toEqual([202, 1]);
    const [event] = (await gateway.api('GET', `/events?source_id=${id}`)).body.data;
    const tickets = await ticketsOf(id);
    expect(tickets).toEqual([
      {
        id: expect.any(String),
        webhook_id: event?.['id'],
        title: 'By the hook',
        description: 'It opens.',
        category: 'doors',
        priority: 'high',
        status: 'new',
        user_id: 'u-1',
        user_email: 'ann@example.com',
        metadata: { floor: 3, external_id: '7', platform: 'external', source: 'webhook' },
      },
    ]);
    const found = await gateway.api('GET', `/events?ticket=${String(tickets[0]?.['id'])}`);
    expect(found.body.data).toEqual([event]);
  });

  it('asks for the key and for Basic authentication where a source wants both', async () => {
    const { id, key } = await makeSource('Both', { basic: 'desk:word' });
    const basic = { authorization: `Basic ${Buffer.from('desk:word').toString('base64')}` };
    const ticket = { title: 'Who', description: 'Who is it?' };
    const answers = [
      await post(integration(), ticket, basic),
      await post(integration(), ticket, { 'x-api-key': key }),
      await post(integration(), ticket, { 'x-api-key': key, authorization: 'Basic d3Jvbmc6d29yZA==' }),
      await post(integration(), ticket, { 'x-api-key': key, ...basic }),
    ];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [401, 'unauthorized'],
      [401, 'invalid_signature'],
      [401, 'invalid_signature'],
      [200, undefined],
    ]);
    expect(await ticketsOf(id)).toHaveLength(1);
  });

  const ticketsOf = async (sourceId: string): Promise<Row[]> => {
    const client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    try {
      const columns = 'id, webhook_id, title, description, category, priority, status, user_id, user_email, metadata';
      const { rows } = await client.query<Row>(`select ${columns} from tickets where source_id = $1`, [sourceId]);
      return rows;
    } finally {
      await client.end();
    }
  };
});
