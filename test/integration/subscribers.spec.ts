import { BY_COMMAND } from '../../src/changes/admin-call.js';
import { DestinationDirectory } from '../../src/destinations/destination-directory.js';
import { SubscribersService } from '../../src/destinations/subscribers.service.js';
import { PageQuery } from '../../src/http/page.js';
import { formerSecrets } from '../../src/notifiers/webhook/signing-secrets.js';
import { ScriptedServer } from '../../src/notifiers/testing/scripted-server.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const SECRET = `whsec_${Buffer.from('thirty-two bytes that were given').toString('base64')}`;

describe('subscribers', () => {
  let gateway: TestGateway;
  let server: ScriptedServer;
  let subscribers: SubscribersService;
  let directory: DestinationDirectory;

  beforeEach(async () => {
    gateway = await TestGateway.start({ SANDBOX: 'false' });
    server = await ScriptedServer.start();
    subscribers = gateway.app.get(SubscribersService, { strict: false });
    directory = gateway.app.get(DestinationDirectory, { strict: false });
  });
  afterEach(async () => {
    await gateway.stop();
    await server.stop();
  });

  const reply = (ticket: number): Promise<unknown> =>
    gateway.groove('customer_replied', {
      id: `reply-${ticket}`,
      plain_text_body: 'Hi',
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
    });
  const signing = (id: string): string | undefined => directory.find(id)?.secrets['signing_secret'];

  it('are one for each address, however it is written', async () => {
    const first = await subscribers.register(BY_COMMAND, { url: `${server.url}/hook` });
    expect(first).toEqual({ id: first.id, isNew: true, secret: signing(first.id) });
    const again = await subscribers.register(BY_COMMAND, {
      url: `${server.url.toUpperCase()}/a/../hook`,
      events: ['ping'],
    });
    expect(again).toEqual({ id: first.id, isNew: false });
    expect(signing(first.id)).toBe(first.secret);
    const other = await subscribers.register(BY_COMMAND, { url: `${server.url}/HOOK`, secret: SECRET });
    expect(other).toEqual({ id: other.id, isNew: true });
    expect(directory.subscribers().map(({ settings }) => [settings.url, settings.events])).toEqual(
      expect.arrayContaining([
        [`${server.url}/hook`, ['ping']],
        [`${server.url}/HOOK`, undefined],
      ]),
    );
    const { data } = await subscribers.list(new PageQuery());
    expect(data.map(({ id, events }) => [id, events])).toEqual([
      [other.id, null],
      [first.id, ['ping']],
    ]);
  });

  it('are one also when they come at the same time', async () => {
    const url = `${server.url}/hook`;
    const made = await Promise.all(Array.from({ length: 5 }, () => subscribers.register(BY_COMMAND, { url })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(directory.subscribers()).toHaveLength(1);
  });

  it('change their secret when one is given: for a day both sign', async () => {
    const { id, secret } = await subscribers.register(BY_COMMAND, { url: server.url });
    await subscribers.register(BY_COMMAND, { url: server.url, secret: SECRET });
    await subscribers.register(BY_COMMAND, { url: server.url, secret: SECRET });
    const secrets = directory.find(id)?.secrets ?? {};
    expect(secrets['signing_secret']).toBe(SECRET);
    expect(formerSecrets(secrets, new Date()).map((former) => former.secret)).toEqual([secret]);
  });

  it('are enabled when they register again', async () => {
    const { id } = await subscribers.register(BY_COMMAND, { url: server.url });
    await gateway.api('POST', '/routes', { name: 'All', destination_id: id, matchers: [] });
    server.answer(410, '');
    await reply(1);
    await waitUntil(() => directory.find(id) === undefined);
    expect(directory.subscribers()).toEqual([]);
    expect((await subscribers.list(new PageQuery())).data).toMatchObject([{ id, disabled_at: expect.any(Date) }]);
    server.answer(200, '');
    expect(await subscribers.register(BY_COMMAND, { url: server.url })).toEqual({ id, isNew: false });
    await reply(2);
    await waitUntil(() => server.received.length === 2);
    expect((await subscribers.list(new PageQuery())).data).toMatchObject([{ id, disabled_at: null }]);
  });

  it('leave with what waits for them, what is in the air included', async () => {
    const { id } = await subscribers.register(BY_COMMAND, { url: server.url });
    await gateway.api('POST', '/routes', { name: 'All', destination_id: id, matchers: [] });
    const held: (() => void)[] = [];
    server.answerBy((response) => held.push(() => response.writeHead(500).end()));
    await reply(1);
    await waitUntil(() => held.length === 1);
    server.answer(500, '');
    await reply(2);
    await waitUntil(() => server.received.length === 2);
    expect(await subscribers.remove(BY_COMMAND, id)).toBe(true);
    for (const release of held) release();
    const settled = await gateway.settledDeliveries();
    expect(settled.map(({ state, reason }) => [state, reason])).toEqual([
      ['cancelled', 'destination_deleted'],
      ['cancelled', 'destination_deleted'],
    ]);
    // What comes late, of a process that has not heard of it.
    await reply(3);
    const [, , late] = await gateway.settledDeliveries();
    expect(late).toMatchObject({ state: 'cancelled' });
    expect(server.received).toHaveLength(2);
    expect(await subscribers.remove(BY_COMMAND, id)).toBe(false);
    expect((await subscribers.list(new PageQuery())).data).toEqual([]);
    expect((await subscribers.register(BY_COMMAND, { url: server.url })).isNew).toBe(true);
  });

  it('are refused an address that calls must not go to, and nothing is made', async () => {
    await expect(subscribers.register(BY_COMMAND, { url: 'http://[fd00:ec2::254]/' })).rejects.toMatchObject({
      code: 'forbidden_address',
    });
    expect((await subscribers.list(new PageQuery())).data).toEqual([]);
  });
});
