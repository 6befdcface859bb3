import type { ConnectionCheck } from '../notifier.js';
import { type Script, ScriptedServer } from '../testing/scripted-server.js';
import { makeZulipNotifier, zulipDestination, type ZulipUnderTest } from '../testing/zulip-under-test.js';

const KEY = 'S3cr3t+Key';
const EMAIL = 'bot@example.com';
/** Where something is not answered: what comes before it is to be answered within it. */
const LIMIT_MS = 1_000;
const ENOUGH_MS = 20_000;
/** Generous, for a busy machine: what hangs hangs for minutes. */
const MUCH_LATER_MS = 10_000;
const UNSEEN = 'Not looked at: the server comes first.';
const LET_IN = `The server lets ${EMAIL} in.`;
const COPY = 'copy it again from the bot’s zuliprc. A bot that is deactivated is refused as well.';

type Reply = [status: number, body: unknown, headers?: Record<string, string>] | 'hang';
type Replies = Partial<Record<'server_settings' | 'users/me' | 'get_stream_id' | 'messages' | 'POST messages', Reply>>;

const ok = (fields: object): Reply => [200, { result: 'success', msg: '', ...fields }];
const error = (status: number, code: string): Reply => [status, { result: 'error', msg: 'Fehler', code }];
const BOT = { is_bot: true, is_active: true, is_guest: false };

describe('the check of a connection to Zulip', () => {
  let underTest: ZulipUnderTest;
  let server: ScriptedServer;
  let site: string;
  let limitMs: number;

  beforeAll(() => {
    underTest = makeZulipNotifier();
  });
  afterAll(() => underTest.close());
  beforeEach(async () => {
    server = await ScriptedServer.start();
    site = server.url;
    limitMs = ENOUGH_MS;
  });
  afterEach(() => server.stop());

  /** A server on which all is well but what is said. */
  const answerBy = (replies: Replies = {}): void => {
    const all: Replies = {
      server_settings: ok({ zulip_version: '10.0', realm_url: site }),
      'users/me': ok(BOT),
      get_stream_id: ok({ stream_id: 7 }),
      messages: ok({ messages: [], found_oldest: true, found_newest: true }),
      ...replies,
    };
    const script: Script = (response, { method, path }) => {
      const name = path.split('?')[0]?.replace('/api/v1/', '') ?? '';
      const reply = all[(method === 'POST' ? `POST ${name}` : name) as keyof Replies];
      if (reply === 'hang' || !reply) return;
      const [status, body, headers] = reply;
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    server.answerBy(script);
    limitMs = Object.values(all).includes('hang') ? LIMIT_MS : ENOUGH_MS;
  };
  const check = (channel: string | number = 'support', url = site): Promise<ConnectionCheck[]> =>
    underTest.notifier.check(zulipDestination(url, KEY, channel, EMAIL), limitMs);
  const found = async (...parts: Parameters<typeof check>): Promise<[boolean | null, string][]> =>
    (await check(...parts)).map(({ ok: isWell, detail }) => [isWell, detail]);

  it('finds that all is well, by asking four things and sending nothing', async () => {
    answerBy();
    expect(await check()).toEqual([
      { name: 'server', ok: true, detail: `Zulip 10.0 answers at ${site}.` },
      { name: 'bot', ok: true, detail: LET_IN },
      { name: 'channel', ok: true, detail: 'The bot sees the channel "support" and may read it.' },
    ]);
    expect(server.received.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`)).toEqual([
      'GET /api/v1/server_settings',
      'GET /api/v1/users/me',
      'GET /api/v1/get_stream_id',
      'GET /api/v1/messages',
    ]);
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  it.each<[string, Reply, string]>([
    ['a page', [200, '<html>Welcome</html>'], 'What answers at SITE is no Zulip server (HTTP 200).'],
    ['other JSON', [200, '{"ok":true}'], 'What answers at SITE is no Zulip server (HTTP 200).'],
    ['no page', [404, '<html>Not found</html>'], 'What answers at SITE is no Zulip server (HTTP 404).'],
    ['a success of something else', ok({}), 'What answers at SITE is no Zulip server (HTTP 200).'],
    ['a failing server', [502, 'Bad gateway'], 'The server at SITE fails (HTTP 502).'],
    ['a limit', [429, ''], 'The server at SITE is asked too often at the moment (HTTP 429); check again later.'],
    [
      'an unknown organisation',
      error(400, 'BAD_REQUEST'),
      'A Zulip server answers at SITE, but there is no organisation: give the organisation’s own address as site.',
    ],
    [
      'the root of several organisations',
      ok({ zulip_version: '10.0' }),
      'A Zulip server answers at SITE, but there is no organisation: give the organisation’s own address as site.',
    ],
    [
      'a redirection',
      [301, '', { location: 'https://chat.example.com/api/v1/server_settings' }],
      'SITE redirects to https://chat.example.com: redirections are not followed, so give the address where it leads as site.',
    ],
    [
      'a redirection to another page',
      [302, '', { location: '/login' }],
      'SITE redirects to SITE/login: redirections are not followed, so give the address where it leads as site.',
    ],
    ['no answer', 'hang', 'No Zulip server can be reached at SITE: it did not answer in time.'],
  ])('says so where the server is none: %s', async (_what, reply, detail) => {
    answerBy({ server_settings: reply });
    expect(await found()).toEqual([
      [false, detail.replaceAll('SITE', site)],
      [null, UNSEEN],
      [null, UNSEEN],
    ]);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['http://127.0.0.1:PORT', 'nothing listens there.'],
    ['http://nobody.invalid', 'the name cannot be '],
    ['http://10.1.2.3', 'the address is not on the public internet, and OUTBOUND_ALLOW does not name it.'],
    ['http://127.0.0.1:25', 'port 25 is not one for webhooks.'],
  ])('says why nothing can be reached at %s', async (address, reason) => {
    await server.stop();
    const url = address.replace('PORT', new URL(site).port);
    const [[isWell, detail] = []] = await found('support', url);
    expect(isWell).toBe(false);
    expect(detail).toContain(`No Zulip server can be reached at ${url}: ${reason}`);
    server = await ScriptedServer.start();
  });

  it('says so where the server does not speak HTTP, or not https', async () => {
    server.answerBy((response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'));
    expect((await found())[0]).toEqual([
      false,
      `No Zulip server can be reached at ${site}: what listens there does not speak HTTP.`,
    ]);
    const secure = site.replace('http:', 'https:');
    expect((await found('support', secure))[0]).toEqual([
      false,
      `No Zulip server can be reached at ${secure}: what listens there does not speak https.`,
    ]);
  });

  it('tells of another address that the organisation has', async () => {
    answerBy({ server_settings: ok({ zulip_version: '8.1', realm_uri: 'https://chat.example.com' }) });
    const [first] = await found();
    const detail = `Zulip 8.1 answers at ${site}; the organisation calls itself https://chat.example.com.`;
    expect(first).toEqual([true, detail]);
  });

  it.each<[string, Replies, string]>([
    [
      'a wrong key',
      { 'users/me': error(401, 'UNAUTHORIZED'), 'POST messages': error(401, 'UNAUTHORIZED') },
      `The Zulip server at SITE refuses the key of ${EMAIL}: ${COPY}`,
    ],
    [
      'a deactivated account',
      { 'users/me': error(401, 'USER_DEACTIVATED') },
      `The account is deactivated: the Zulip server refuses ${EMAIL}.`,
    ],
    [
      'a deactivated organisation',
      { 'users/me': error(401, 'REALM_DEACTIVATED') },
      `The organisation is deactivated: the Zulip server refuses ${EMAIL}.`,
    ],
    [
      'one that is not active',
      { 'users/me': ok({ ...BOT, is_active: false }) },
      `The account ${EMAIL} is deactivated.`,
    ],
    [
      'a limit',
      { 'users/me': error(429, 'RATE_LIMIT_HIT') },
      `${EMAIL} is at the limit of its rate at the moment (HTTP 429); check again later.`,
    ],
    ['a page', { 'users/me': [403, '<html>'] }, `The server does not say who ${EMAIL} is (HTTP 403).`],
    ['no answer', { 'users/me': 'hang' }, `Whether ${EMAIL} is let in was not answered: it did not answer in time.`],
  ])('says so where the bot is not let in: %s', async (_what, replies, detail) => {
    answerBy(replies);
    expect((await found()).slice(1)).toEqual([
      [false, detail.replaceAll('SITE', site)],
      [null, 'Not looked at: the bot must be let in first.'],
    ]);
  });

  it('knows a bot that may only post, and sends nothing to find that out', async () => {
    answerBy({ 'users/me': error(401, 'UNAUTHORIZED'), 'POST messages': error(400, 'REQUEST_VARIABLE_MISSING') });
    const [, bot, channel] = await found();
    expect(bot?.[0]).toBe(true);
    expect(bot?.[1]).toContain('as an incoming-webhook bot, which may only post');
    expect(channel).toEqual([
      null,
      'Not looked at: such a bot may not ask for channels. A test message shows whether it is there.',
    ]);
    expect(server.lastRequest).toMatchObject({ method: 'POST', body: '' });
  });

  it('tells of a person’s account, and of a guest', async () => {
    answerBy({ 'users/me': ok({ is_bot: false, is_active: true, is_guest: true }) });
    expect((await found())[1]).toEqual([
      true,
      `${LET_IN} It is a person’s account: messages will seem to come from that person. ` +
        'It is a guest, who sees only the channels that it is subscribed to.',
    ]);
  });

  it.each<[string, string | number, Replies, boolean, string]>([
    [
      'is missing',
      'suport',
      { get_stream_id: error(400, 'BAD_REQUEST') },
      false,
      'The bot does not see the channel "suport": look how it is spelled, and if it is private, subscribe the bot to it.',
    ],
    [
      'is missing, by its id',
      7,
      { messages: error(400, 'BAD_NARROW') },
      false,
      'The bot does not see the channel with the id 7: look how it is spelled, and if it is private, subscribe the bot to it.',
    ],
    ['is there, by its id', 7, {}, true, 'The bot sees the channel with the id 7 and may read it.'],
    [
      'may not be read',
      'support',
      { messages: error(400, 'BAD_REQUEST') },
      true,
      'The bot sees the channel "support", but may not read it: a message of which the answer is lost may arrive twice.',
    ],
    [
      'is not shown',
      'support',
      { messages: 'hang' },
      true,
      'The bot sees the channel "support", but was not shown it: a message of which the answer is lost may arrive twice.',
    ],
    [
      'is not told of',
      'support',
      { get_stream_id: [502, ''] },
      false,
      'The server does not say whether the bot sees the channel "support" (HTTP 502).',
    ],
    [
      'is not answered for',
      'support',
      { get_stream_id: 'hang' },
      false,
      'Whether the bot sees the channel "support" was not answered: it did not answer in time.',
    ],
  ])('says so where the channel %s', async (_what, channel, replies, isWell, detail) => {
    answerBy(replies);
    expect((await found(channel))[2]).toEqual([isWell, detail]);
  });

  it('keeps its time, whatever hangs, and asks nothing more then', async () => {
    answerBy({ get_stream_id: 'hang' });
    const startedAt = performance.now();
    await check();
    expect(performance.now() - startedAt).toBeLessThan(MUCH_LATER_MS);
    expect(server.received).toHaveLength(3);
  });

  it('repeats no secret that a server knows, and no line of its own making', async () => {
    const token = Buffer.from(`${EMAIL}:${KEY}`).toString('base64');
    const realm = `https://${KEY}.example/\u202e\n${token}`;
    answerBy({ server_settings: ok({ zulip_version: `9\n${KEY}`, realm_url: realm }) });
    const told = JSON.stringify(await check());
    expect(told).not.toContain(KEY);
    expect(told).not.toContain(token);
    expect(told).not.toMatch(/\\n|\u202e/);
    answerBy({ server_settings: [302, '', { location: `https://${encodeURIComponent(KEY)}.example` }] });
    expect(JSON.stringify(await check())).not.toContain(encodeURIComponent(KEY));
  });
});
