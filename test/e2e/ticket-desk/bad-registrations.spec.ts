import { DeskClient } from './desk-client.js';

describe('bad registrations', () => {
  let desk: DeskClient;

  beforeAll(async () => {
    desk = await DeskClient.start();
  });
  afterAll(() => desk.stop());

  it.each<[string, object | string]>([
    ['no JSON', '{'],
    ['nothing', {}],
    ['an address that is none', { callback_url: 'not an address' }],
    ['a relative one', { callback_url: '/webhook' }],
    ['another scheme', { callback_url: 'ftp://example.com/' }],
    ['a script', { callback_url: 'javascript:alert(1)' }],
    ['a user before the host', { callback_url: 'https://a:b@example.com/' }],
    ['a fragment', { callback_url: 'https://example.com/#a' }],
    ['a number as address', { callback_url: 5 }],
    ['a list of addresses', { callback_url: ['https://example.com/'] }],
    ['too long an address', { callback_url: `https://example.com/${'x'.repeat(2_000)}` }],
    ['NUL', { callback_url: 'https://example.com/\0' }],
    ['a private address', { callback_url: 'http://10.0.0.1/' }],
    ['the metadata service', { callback_url: 'http://169.254.169.254/latest/meta-data' }],
    ['an unknown event', { callback_url: 'https://example.com/', events: ['ticket_opened', 'ticket_lost'] }],
    ['no events', { callback_url: 'https://example.com/', events: [] }],
    ['an event twice', { callback_url: 'https://example.com/', events: ['ping', 'ping'] }],
    ['an event that is no list', { callback_url: 'https://example.com/', events: 'ping' }],
    ['too short a secret', { callback_url: 'https://example.com/', secret: 'whsec_YWJj' }],
    ['a secret of another form', { callback_url: 'https://example.com/', secret: 'my secret' }],
    ['null as secret', { callback_url: 'https://example.com/', secret: null }],
    ['an unknown format', { callback_url: 'https://example.com/', format: 'xml' }],
    ['an unknown field', { callback_url: 'https://example.com/', name: 'x' }],
  ])('%s registers nothing', async (_story, body) => {
    const answer = await desk.request('POST', '/webhooks/register', body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await desk.request('GET', '/webhooks')).body.data).toEqual([]);
  });

  it('of nobody are unregistered all the same', async () => {
    const { status, body } = await desk.request('DELETE', '/webhooks/unregister/webhook_id');
    expect([status, body]).toEqual([200, { data: { id: 'webhook_id' } }]);
  });

  it('cannot name the gateway itself, though its sandbox may be called', async () => {
    const guarded = await DeskClient.start({ OUTBOUND_ALLOW: '' });
    try {
      const { url } = guarded.gateway;
      for (const path of ['/tickets', '/health/ready', '/sandbox/zulip/../../metrics']) {
        const answer = await guarded.request('POST', '/webhooks/register', { callback_url: url + path });
        expect([answer.status, answer.body['code']]).toEqual([400, 'forbidden_address']);
      }
      const hook = guarded.gateway.hookUrl('groove');
      expect((await guarded.gateway.groove('ticket_started', { number: 1, title: 'Sandbox' }, hook)).status).toBe(202);
      expect(await guarded.gateway.settledDeliveries()).toMatchObject([{ state: 'delivered' }]);
    } finally {
      await guarded.stop();
    }
  });
});
