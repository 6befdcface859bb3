import { Webhook } from 'standardwebhooks';
import { type ReceivedRequest, ScriptedServer } from '../../../src/notifiers/testing/scripted-server.js';
import { TestGateway } from '../../support/test-gateway.js';
import { waitUntil } from '../../support/wait-until.js';

const GIVEN_SECRET = `whsec_${Buffer.from('thirty-two bytes that were given').toString('base64')}`;

/** Of an event of the log, those that are the event itself. */
const DOCUMENT_FIELDS = [
  ...['id', 'type', 'native_type', 'source', 'occurred_at', 'received_at', 'deduplication_key', 'ticket', 'actor'],
  ...['message', 'changes'],
];

describe('webhook destinations', () => {
  let gateway: TestGateway;
  let server: ScriptedServer;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());
  afterAll(() => gateway.stop());

  const create = async (settings: object = {}, more: object = {}): Promise<Record<string, unknown>> => {
    made += 1;
    const body = {
      name: `Hook ${made}`,
      kind: 'webhook',
      settings: { url: `${server.url}/hook`, ...settings },
      ...more,
    };
    const answer = await gateway.api('POST', '/destinations', body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const verify = ({ body, headers }: ReceivedRequest, secret: unknown): unknown =>
    new Webhook(String(secret)).verify(body, headers as Record<string, string>);

  it('shows the secret that it made once', async () => {
    const webhook = await create({ format: 'cloudevents', retry_schedule_seconds: [0.5] });
    expect(webhook['secret']).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const settings = { url: `${server.url}/hook`, format: 'cloudevents', retry_schedule_seconds: [0.5] };
    expect(webhook).toMatchObject({
      kind: 'webhook',
      settings,
      failing_since: null,
      disables_at: null,
      disabled_at: null,
    });
    const { body, text } = await gateway.api('GET', `/destinations/${String(webhook['id'])}`);
    expect(body).toEqual({ ...webhook, secret: undefined });
    expect(text + (await gateway.api('GET', '/destinations')).text).not.toContain(String(webhook['secret']));
  });

  it('signs with a secret that was given', async () => {
    const webhook = await create({}, { secrets: { signing_secret: GIVEN_SECRET } });
    expect(webhook['secret']).toBe(GIVEN_SECRET);
    const { status, body } = await gateway.api('POST', `/destinations/${String(webhook['id'])}/test`);
    expect([status, body]).toEqual([200, { outcome: 'sent', http_status: 200, response: '' }]);
    expect(verify(server.lastRequest, GIVEN_SECRET)).toEqual({
      event: 'ping',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      data: {},
    });
  });

  it('tells what came of a test that failed', async () => {
    const { id } = await create();
    server.answer(503, 'come back later');
    const { status, body } = await gateway.api('POST', `/destinations/${String(id)}/test`);
    const outcome = { outcome: 'retry', reason: 'server_error', http_status: 503, response: 'come back later' };
    expect([status, body]).toEqual([200, outcome]);
    expect((await gateway.api('GET', '/deliveries')).body.data).toEqual([]);
  });

  it('rotates its secret: for a day both sign', async () => {
    const { id, secret: old } = await create();
    const { status, body } = await gateway.api('POST', `/destinations/${String(id)}/rotate-secret`);
    expect([status, Object.keys(body)]).toEqual([200, ['secret', 'version']]);
    expect(body['secret']).not.toBe(old);
    await gateway.api('POST', `/destinations/${String(id)}/test`);
    expect(verify(server.lastRequest, body['secret'])).toEqual(verify(server.lastRequest, old));
  });

  it('has a test message for a bot, too, and no secret to rotate', async () => {
    const { body } = await gateway.api('GET', '/destinations');
    const sandbox = body.data.find(({ kind }) => kind === 'zulip');
    const id = String(sandbox?.['id']);
    const tested = await gateway.api('POST', `/destinations/${id}/test`);
    expect(tested.body).toMatchObject({ outcome: 'sent', http_status: 200 });
    const messages = await waitUntil(async () => {
      const all = await gateway.sandboxMessages();
      return all.length > 0 && all;
    });
    expect(messages.map(({ content }) => content)).toEqual(['A ping has arrived from Deskwire’s test of Sandbox']);
    const rotated = await gateway.api('POST', `/destinations/${id}/rotate-secret`);
    expect([rotated.status, rotated.body['code']]).toEqual([409, 'not_signed']);
  });

  it('knows no test and no rotation of what is not there', async () => {
    for (const action of ['test', 'rotate-secret', 'resume']) {
      const { status } = await gateway.api('POST', `/destinations/0199a000-0000-7000-8000-000000000001/${action}`);
      expect(status).toBe(404);
    }
  });

  it('carries the event of any provider through a route, as a CloudEvent', async () => {
    const { id, secret } = await create({ format: 'cloudevents' });
    await gateway.api('POST', '/routes', {
      name: 'To the hook',
      position: 1,
      matchers: [{ field: 'type', op: 'eq', value: 'message.customer_replied' }],
      destination_id: id,
      settings: { stop: true },
    });
    await gateway.groove('customer_replied', {
      id: 'reply-1',
      plain_text_body: 'Grüße',
      links: { ticket: { href: '/v1/tickets/9' }, author: { href: '/v1/customers/c@example.com' } },
    });
    const [delivery] = await gateway.settledDeliveries(`&destination_id=${String(id)}`);
    expect(delivery).toMatchObject({ state: 'delivered', channel: '', topic: '', attempts: 1 });
    const { body } = await gateway.api('GET', `/events/${String(delivery?.['event_id'])}`);
    const event = Object.fromEntries(DOCUMENT_FIELDS.map((field) => [field, body[field]]));
    expect(server.lastRequest.headers['content-type']).toBe('application/cloudevents+json');
    expect(server.lastRequest.headers['webhook-id']).toBe(delivery?.['id']);
    expect(server.lastRequest.body).toBe(delivery?.['content']);
    expect(verify(server.lastRequest, secret)).toEqual({
      specversion: '1.0',
      id: delivery?.['event_id'],
      source: `/sources/${String((event['source'] as Record<string, unknown>)['id'])}`,
      type: 'message.customer_replied',
      subject: '9',
      time: event['occurred_at'],
      datacontenttype: 'application/json',
      data: event,
    });
  });

  const url = 'https://example.com/hook';
  it.each<[string, object]>([
    ['no address', { settings: {} }],
    ['an address that is none', { settings: { url: 'hook' } }],
    ['another protocol', { settings: { url: 'ftp://example.com/' } }],
    ['a user in the address', { settings: { url: 'https://user:pass@example.com/' } }],
    ['an empty user', { settings: { url: 'https://@example.com/' } }],
    ['a fragment', { settings: { url: `${url}#top` } }],
    ['white space', { settings: { url: ` ${url}` } }],
    ['a line break', { settings: { url: 'https://exam\nple.com/' } }],
    ['a backslash', { settings: { url: 'https:\\\\example.com/' } }],
    ['no host', { settings: { url: 'https:///example.com' } }],
    ['an address without end', { settings: { url: `${url}?${'x'.repeat(2_000)}` } }],
    ['a channel', { settings: { url, channel: 'support' } }],
    ['an unknown format', { settings: { url, format: 'xml' } }],
    ['an unknown event', { settings: { url, events: ['ticket_exploded'] } }],
    ['no event at all', { settings: { url, events: [] } }],
    ['an event twice', { settings: { url, events: ['ping', 'ping'] } }],
    ['a key of a bot', { settings: { url }, secrets: { api_key: 'k' } }],
    ['a secret that is none', { settings: { url }, secrets: { signing_secret: 'secret' } }],
    ['a short secret', { settings: { url }, secrets: { signing_secret: 'whsec_c2hvcnQ=' } }],
    ['a zuliprc', { settings: { url }, zuliprc: '[api]\nemail=a@b.c\nkey=k\nsite=https://x.y\n' }],
    ['a url for a bot', { kind: 'zulip', settings: { url, channel: 'c' } }],
    ['a null for settings', { settings: null }],
  ])('refuses %s', async (_story, body) => {
    const answer = await gateway.api('POST', '/destinations', { name: 'x', kind: 'webhook', ...body });
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
  });

  it('refuses an address that calls must not go to', async () => {
    const body = { name: 'x', kind: 'webhook', settings: { url: 'http://169.254.169.254/latest/meta-data' } };
    const answer = await gateway.api('POST', '/destinations', body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'forbidden_address']);
  });
});
