import { Webhook } from 'standardwebhooks';
import { DestinationDirectory } from '../../../src/destinations/destination-directory.js';
import { ScriptedServer } from '../../../src/notifiers/testing/scripted-server.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';

type Row = Record<string, unknown>;

const KEY = 'the-key-of-the-bot';
const SETTINGS = { site: 'https://chat.example.com', email: 'bot@example.com', channel: 'support' };
const SECRETS = ['one secret of thirty-two bytes..', 'another secret of 32 bytes, too.'].map(
  (text) => `whsec_${Buffer.from(text).toString('base64')}`,
);
const zuliprc = (site: string): string => `[api]\nemail=new-bot@example.com\nkey=new-key\nsite=${site}\n`;

/** Whoever may change settings must not be able to send a secret that they were never shown to a server of their own. */
describe('leading a destination elsewhere', () => {
  let gateway: TestGateway;
  let made = 0;

  beforeAll(async () => {
    gateway = await TestGateway.start({ SANDBOX: 'false' });
  });
  afterAll(() => gateway.stop());

  const create = async (body: Row): Promise<Row> => {
    made += 1;
    const answer = await gateway.api('POST', '/destinations', { name: `Destination ${made}`, ...body });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const createBot = (): Promise<Row> => create({ kind: 'zulip', settings: SETTINGS, secrets: { api_key: KEY } });
  const createHook = (url: string): Promise<Row> =>
    create({ kind: 'webhook', settings: { url }, secrets: { signing_secret: SECRETS[0] } });
  const patch = ({ id }: Row, body: Row): Promise<Answer> => gateway.api('PATCH', `/destinations/${String(id)}`, body);
  const get = async ({ id }: Row): Promise<Row> => (await gateway.api('GET', `/destinations/${String(id)}`)).body;
  const secretsOf = ({ id }: Row): unknown =>
    gateway.app.get(DestinationDirectory, { strict: false }).find(String(id))?.secrets;

  const refused = async (destination: Row, body: Row, field: string): Promise<void> => {
    const answer = await patch(destination, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ field }] } });
    expect(answer.text).not.toMatch(/new-key|the-key-of-the-bot/);
    const { secret: _shownOnce, ...shown } = destination;
    expect(await get(destination)).toEqual(shown);
  };

  it.each([
    ['another server', { site: 'https://evil.example.com' }],
    ['another scheme', { site: 'http://chat.example.com' }],
    ['another port', { site: 'https://chat.example.com:8443' }],
    ['another path', { site: 'https://chat.example.com/zulip' }],
    ['another bot', { email: 'other@example.com' }],
  ])('needs the key of a bot anew: %s', async (_what, settings) => {
    const bot = await createBot();
    await refused(bot, { settings }, 'secrets.api_key');
    await refused(bot, { settings, secrets: {} }, 'secrets.api_key');
    const answer = await patch(bot, { settings, secrets: { api_key: 'new-key' } });
    expect(answer).toMatchObject({ status: 200, body: { settings: { ...SETTINGS, ...settings }, version: 2 } });
    expect(secretsOf(bot)).toEqual({ api_key: 'new-key' });
  });

  it.each([
    ['capital letters', { site: 'HTTPS://Chat.Example.com' }],
    ['a slash at its end', { site: 'https://chat.example.com/' }],
    ['the port that it has anyway', { site: 'https://chat.example.com:443' }],
    ['capital letters in the address of the bot', { email: 'Bot@example.com' }],
  ])('takes the same place for the same: %s', async (_what, settings) => {
    const bot = await createBot();
    expect(await patch(bot, { settings })).toMatchObject({ status: 200, body: { settings, version: 2 } });
    expect(secretsOf(bot)).toEqual({ api_key: KEY });
  });

  it('goes by a zuliprc, which is a whole account', async () => {
    const bot = await createBot();
    const answer = await patch(bot, { zuliprc: zuliprc('https://new.example.com'), settings: { topic: 'desk' } });
    const settings = { ...SETTINGS, topic: 'desk', site: 'https://new.example.com', email: 'new-bot@example.com' };
    expect(answer).toMatchObject({ status: 200, body: { settings } });
    expect(secretsOf(bot)).toEqual({ api_key: 'new-key' });
  });

  it('takes no zuliprc beside the single fields, and none that it cannot read', async () => {
    const bot = await createBot();
    const rc = zuliprc('https://new.example.com');
    await refused(bot, { zuliprc: rc, secrets: { api_key: 'new-key' } }, 'zuliprc');
    await refused(bot, { zuliprc: rc, settings: { site: 'https://new.example.com' } }, 'zuliprc');
    await refused(bot, { zuliprc: rc, settings: { email: null } }, 'zuliprc');
    await refused(bot, { zuliprc: '[api]\nkey=new-key' }, 'zuliprc');
    await refused(bot, { zuliprc: zuliprc('ftp://new.example.com') }, 'zuliprc');
    await refused(await createHook('https://hooks.example.com/'), { zuliprc: rc }, 'zuliprc');
  });

  it.each([
    ['another server', 'https://evil.example.com/hook?team=1'],
    ['another path', 'https://hooks.example.com/Hook?team=1'],
    ['another query', 'https://hooks.example.com/hook?team=2'],
    ['another scheme', 'http://hooks.example.com/hook?team=1'],
  ])('needs the secret of a webhook anew: %s', async (_what, url) => {
    const hook = await createHook('https://hooks.example.com/hook?team=1');
    await refused(hook, { settings: { url } }, 'secrets.signing_secret');
    const answer = await patch(hook, { settings: { url }, secrets: { signing_secret: SECRETS[1] } });
    expect(answer).toMatchObject({ status: 200, body: { settings: { url } } });
    expect(secretsOf(hook)).toEqual({ signing_secret: SECRETS[1] });
  });

  it('takes the same address of a webhook for the same, however it is spelled', async () => {
    const hook = await createHook('https://hooks.example.com/hook');
    const url = 'https://HOOKS.example.com:443/a/../hook';
    expect(await patch(hook, { settings: { url } })).toMatchObject({ status: 200, body: { settings: { url } } });
  });

  it('does not sign for the new receiver with what the former one knows', async () => {
    const server = await ScriptedServer.start();
    const hook = await createHook(`${server.url}/old`);
    await gateway.api('POST', `/destinations/${String(hook['id'])}/rotate-secret`);
    await patch(hook, { settings: { url: `${server.url}/new` }, secrets: { signing_secret: SECRETS[1] } });
    await gateway.api('POST', `/destinations/${String(hook['id'])}/test`);
    const { headers, body, path } = server.lastRequest;
    expect([path, String(headers['webhook-signature']).split(' ')]).toEqual(['/new', [expect.any(String)]]);
    new Webhook(SECRETS[1] ?? '').verify(body, headers as Record<string, string>);
    await server.stop();
  });

  it('does not lead to where calls must not go', async () => {
    const bot = await createBot();
    const site = { settings: { site: 'http://169.254.169.254' }, secrets: { api_key: 'new-key' } };
    expect(await patch(bot, site)).toMatchObject({ status: 400, body: { code: 'forbidden_address' } });
    expect(await patch(bot, { zuliprc: zuliprc('https://10.0.0.1') })).toMatchObject({
      status: 400,
      body: { code: 'forbidden_address' },
    });
    const hook = await createHook('https://hooks.example.com/hook');
    const url = { settings: { url: 'http://[fd00::1]/' }, secrets: { signing_secret: SECRETS[1] } };
    expect(await patch(hook, url)).toMatchObject({ status: 400, body: { code: 'forbidden_address' } });
    expect([await get(bot), await get(hook)]).toMatchObject([
      { settings: SETTINGS, version: 1 },
      { settings: { url: 'https://hooks.example.com/hook' }, version: 1 },
    ]);
  });
});
