import { ScriptedServer } from '../../../src/notifiers/testing/scripted-server.js';
import { DestinationDirectory } from '../../../src/destinations/destination-directory.js';
import { SANDBOX_BOT } from '../../../src/start-up/sandbox-switch.js';
import { TestGateway } from '../../support/test-gateway.js';

type Row = Record<string, unknown>;

const KEY = 'not-shown-again';

describe('checking a destination', () => {
  let gateway: TestGateway;
  let site: string;
  let apiKey: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const sandbox = gateway.app.get(DestinationDirectory, { strict: false }).findByBot(SANDBOX_BOT);
    site = sandbox?.settings.site ?? '';
    apiKey = sandbox?.secrets['api_key'] ?? '';
  });
  afterAll(() => gateway.stop());

  const bot = (settings: Row = {}, key = apiKey): Row => ({
    name: 'Unstored',
    kind: 'zulip',
    settings: { site, email: SANDBOX_BOT, channel: 'support', ...settings },
    secrets: { api_key: key },
  });
  const hook = (url: string): Row => ({ name: 'Unstored', kind: 'webhook', settings: { url } });
  const check = async (body: Row): Promise<Row> => {
    const answer = await gateway.api('POST', '/destinations/check', body);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(KEY);
    return answer.body;
  };

  it('finds that all is well with one that is stored', async () => {
    const [sandbox] = (await gateway.api('GET', '/destinations')).body.data;
    const path = `/destinations/${String(sandbox?.['id'])}`;
    expect(await gateway.api('POST', `${path}/check`)).toMatchObject({
      status: 200,
      body: {
        ok: true,
        checks: [
          { name: 'server', ok: true, detail: `Zulip 10.0 answers at ${site}.` },
          { name: 'bot', ok: true, detail: `The server lets ${SANDBOX_BOT} in.` },
          { name: 'channel', ok: true, detail: 'The bot sees the channel "support" and may read it.' },
        ],
      },
    });
    expect((await gateway.api('GET', path)).body).toMatchObject({ version: 1, pauses: [] });
    expect(await gateway.sandboxMessages()).toEqual([]);
  });

  it('says what is wrong before one is stored, and stores nothing', async () => {
    expect(await check(bot())).toMatchObject({ ok: true });
    expect(await check(bot({}, KEY))).toEqual({
      ok: false,
      checks: [
        expect.objectContaining({ name: 'server', ok: true }),
        {
          name: 'bot',
          ok: false,
          detail:
            `The Zulip server at ${site} refuses the key of ${SANDBOX_BOT}: copy it again from the bot’s zuliprc. ` +
            'A bot that is deactivated is refused as well.',
        },
        { name: 'channel', ok: null, detail: 'Not looked at: the bot must be let in first.' },
      ],
    });
    expect((await check(bot({ channel: 'missing-team' })))['checks']).toContainEqual({
      name: 'channel',
      ok: false,
      detail:
        'The bot does not see the channel "missing-team": look how it is spelled, and if it is private, ' +
        'subscribe the bot to it.',
    });
    expect((await gateway.api('GET', '/destinations')).body.data).toHaveLength(1);
    expect((await gateway.api('GET', '/changes?kind=destination')).body.data).toHaveLength(1);
  });

  it('takes a zuliprc, as creating does', async () => {
    const zuliprc = `[api]\nemail=${SANDBOX_BOT}\nkey=${apiKey}\nsite=${site}\n`;
    expect(await check({ name: 'x', kind: 'zulip', zuliprc, settings: { channel: '1' } })).toMatchObject({ ok: true });
  });

  it.each([
    ['http://169.254.169.254', 'the address is not on the public internet, and OUTBOUND_ALLOW does not name it.'],
    ['http://127.0.0.1:6379', 'port 6379 is not one for webhooks.'],
  ])('finds that %s must not be reached', async (address, reason) => {
    expect(await check(bot({ site: address }))).toMatchObject({
      ok: false,
      checks: [
        { name: 'server', ok: false, detail: `No Zulip server can be reached at ${address}: ${reason}` },
        { name: 'bot', ok: null },
        { name: 'channel', ok: null },
      ],
    });
    expect(await check(hook(`${address}/hook`))).toEqual({
      ok: false,
      checks: [{ name: 'address', ok: false, detail: `No web server can be reached at ${address}: ${reason}` }],
    });
  });

  it('finds the server of a webhook, without calling the webhook', async () => {
    const server = await ScriptedServer.start();
    const body = hook(`${server.url}/hook`);
    expect(await check(body)).toMatchObject({ ok: true, checks: [{ name: 'address', ok: true }] });
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /']);
    await server.stop();
    expect(await check(body)).toMatchObject({ ok: false });
  });
});
