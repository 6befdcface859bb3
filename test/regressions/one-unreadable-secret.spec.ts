import { Client } from 'pg';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { sealSecrets } from '../../src/destinations/destination-secrets.js';
import { ScriptedServer } from '../../src/notifiers/testing/scripted-server.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import { logWatch } from '../support/log-watch.js';
import { MetricsText } from '../support/metrics-text.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { startWatchedGateway } from '../support/start-watched-gateway.js';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const KEY = 'the-key-of-all-the-processes-0001';
const OTHER_KEY = 'another-key-that-one-process-knows';
const DAMAGED = 'v1:deadbeef:AAAA';
const BASIC = 'helpdesk:a-password-of-its-own';

// The story: one secret, of a destination that nobody used, could not be decrypted. The processes that ran went on with what
// they knew and heard of no change any more: new destinations were answered with 201 and unknown. No probe, no metric told
// of it. At the next start none came up, all webhooks were refused, and the page that said how to enter a secret anew needed
// the API that did not start.
describe('one secret that cannot be decrypted', () => {
  let gateway: TestGateway;
  let second: RunningGateway;
  let zulip: ScriptedZulip;
  let callback: ScriptedServer;
  let client: Client;
  const ids: Record<string, string> = {};
  let hookUrl: string;
  let tickets = 0;

  /** @param more keys that decrypt */
  const start = (encryptionKey: string, role: 'all' | 'api', ...more: string[]): Promise<RunningGateway> => {
    const environment = validateEnvironment({
      PORT: '0',
      ROLE: role,
      ADMIN_API_KEY: gateway.adminKey,
      DATABASE_URL: gateway.databaseUrl,
      ENCRYPTION_KEY: encryptionKey,
      OUTBOUND_ALLOW: LOOPBACK,
    });
    const keys = { current: encryptionKey, readOnly: more };
    logWatch.keep(encryptionKey, ...more);
    return startWatchedGateway({ environment, databaseUrl: gateway.databaseUrl, encryptionKey: () => keys });
  };
  const make = async (path: string, body: object): Promise<Answer['body']> => {
    const answer = await gateway.api('POST', path, body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const makeDestination = async (channel: string): Promise<void> => {
    const settings = { site: zulip.site, email: 'bot@example.com', channel };
    const { id } = await make('/destinations', {
      ...{ name: channel, kind: 'zulip', settings, secrets: { api_key: 'the-key-of-the-bot' } },
    });
    ids[channel] = String(id);
    await make('/routes', { name: channel, matchers: [], destination_id: id });
  };
  const post = (url = gateway.hookUrl('groove')): Promise<Answer> => {
    tickets += 1;
    return gateway.groove('ticket_started', { number: tickets, title: `Ticket ${tickets}`, state: 'opened' }, url);
  };
  const patch = ({ url }: RunningGateway, path: string, body: object): Promise<Answer> =>
    call(url + path, {
      method: 'PATCH',
      headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const postWith = (basic: string, at: string): Promise<Answer> => {
    tickets += 1;
    return call(hookUrl.replace(gateway.url, at), {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
        'content-type': 'application/json',
        'x-groove-event': 'ticket_started',
      },
      body: JSON.stringify({ number: tickets, title: `Ticket ${tickets}`, state: 'opened' }),
    });
  };
  const taken = (channel: string): string[] => zulip.taken.filter(({ to }) => to === channel).map(({ topic }) => topic);
  const deliveriesTo = async (name: string): Promise<unknown[]> => {
    const { body } = await gateway.api('GET', `/deliveries?destination_id=${String(ids[name])}`);
    return body.data.map(({ state, attempts }) => [state, attempts]);
  };
  const unreadable = async (url: string): Promise<Record<string, number>> => {
    const { text } = await call(`${url}/metrics`, { headers: { 'x-api-key': gateway.adminKey } });
    const metrics = new MetricsText(text);
    expect(metrics.value('deskwire_snapshot_stale_seconds')).toBe(0);
    return metrics.values('deskwire_secrets_unreadable');
  };

  beforeAll(async () => {
    zulip = await ScriptedZulip.start();
    callback = await ScriptedServer.start();
    gateway = await TestGateway.start({ SANDBOX: 'false' }, undefined, { encryptionKey: KEY });
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await makeDestination('good');
    await makeDestination('damaged');
    const source = await make('/sources', { name: 'Damaged', provider: 'groove', secrets: { basic: BASIC } });
    ids['source'] = String(source['id']);
    hookUrl = String(source['hook_url']);
    const registered = await call(`${gateway.url}/webhooks/register`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ callback_url: `${callback.url}/hook` }),
    });
    expect(registered.status).toBe(201);
    const { rows } = await client.query<{ id: string }>('select id from destinations where is_subscriber');
    ids['subscriber'] = String(rows[0]?.id);
    // Both are in use: what is sent to one of them has an owner.
    expect((await post()).status).toBe(202);
    await waitUntil(() => taken('good').length === 1 && taken('damaged').length === 1);
    for (const table of ['destinations', 'sources']) {
      const damaged = [ids['damaged'], ids['subscriber'], ids['source']];
      await client.query(`update ${table} set secrets = $1 where id = any ($2)`, [DAMAGED, damaged]);
    }
    await waitUntil(async () => Object.keys(await unreadable(gateway.url)).length === 2);
    second = await start(KEY, 'all', OTHER_KEY);
  });

  afterAll(async () => {
    await second.stop();
    await client.end();
    await gateway.stop();
    await callback.stop();
    await zulip.stop();
  });

  it('is told, and all else goes on: in a process that runs, and in one that starts', async () => {
    for (const { url } of [gateway, second]) {
      expect(await unreadable(url)).toEqual({ source: 1, destination: 2 });
      expect((await call(`${url}/health/ready`, {})).status).toBe(200);
    }
    const told = logWatch.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const lines = told.filter(({ level, context }) => level === 50 && context === 'secrets');
    const once = [
      ['destination', 'damaged', ids['damaged']],
      ['destination', `Subscriber ${String(ids['subscriber'])}`, ids['subscriber']],
      ['source', 'Damaged', ids['source']],
    ];
    expect(lines.map(({ kind, name, id }) => [kind, name, id]).sort()).toEqual([...once, ...once].sort());

    await makeDestination('later');
    expect((await post()).status).toBe(202);
    await waitUntil(() => taken('good').length === 2 && taken('later').length === 1);
    expect(await deliveriesTo('damaged')).toEqual([
      ['pending', 0],
      ['delivered', 1],
    ]);
    const path = `/destinations/${String(ids['damaged'])}`;
    expect((await gateway.api('GET', path)).body).toMatchObject({ secret_unreadable: true, pauses: [] });
    const renamed = await gateway.api('PATCH', path, { name: 'Still damaged' });
    expect([renamed.status, renamed.body['secret_unreadable']]).toEqual([200, true]);
    expect((await gateway.api('POST', `${path}/test`)).body).toMatchObject({ status: 409, code: 'secret_unreadable' });
    expect((await gateway.api('POST', `${path}/pause`, {})).status).toBe(200);
    expect((await gateway.api('POST', `${path}/resume`)).status).toBe(200);
    const { body: preview } = await gateway.api('POST', '/routes/preview', {
      ...{ provider: 'groove', headers: { 'x-groove-event': 'ticket_started' }, body: { number: 9, title: 'Look' } },
    });
    const [event] = preview['events'] as { routes: { name: string; topic: string | null }[] }[];
    expect(event?.routes.map(({ name, topic }) => [name, topic])).toEqual(
      ['good', 'damaged', 'later'].map((name) => [name, '#9 Look']),
    );
  });

  it('lets nothing in at a source that nobody can check, and stays as it is until it is given anew', async () => {
    for (const { url } of [gateway, second]) {
      const answer = await postWith(BASIC, url);
      expect([answer.status, answer.body['code']]).toEqual([503, 'source_unreadable']);
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    const path = `/sources/${String(ids['source'])}`;
    expect((await gateway.api('PATCH', path, { name: 'Still damaged' })).body).toMatchObject({
      ...{ name: 'Still damaged', secret_unreadable: true },
    });
    // A token that could be read again must not go to a server that it was not meant for.
    const moved = await gateway.api('PATCH', path, { settings: { api_url: 'https://example.com' } });
    expect([moved.status, moved.body['code']]).toEqual([400, 'validation_failed']);
    const { rows } = await client.query<{ secrets: string }>('select secrets from sources where id = $1', [
      ids['source'],
    ]);
    expect(rows).toEqual([{ secrets: DAMAGED }]);
    expect((await gateway.api('GET', '/config')).body).toMatchObject({ status: 409, code: 'secret_unreadable' });
    expect((await gateway.api('GET', `/events?source_id=${String(ids['source'])}`)).body.data).toEqual([]);
  });

  it('keeps what is for a subscriber, and a new one signs it', async () => {
    const opened = await call(`${gateway.url}/tickets`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ ticket_message: 'For whoever listens' }),
    });
    expect(opened.status).toBe(201);
    await waitUntil(() => taken('later').length === 2);
    expect(await deliveriesTo('subscriber')).toEqual([['pending', 0]]);
    const rotated = await gateway.api('POST', `/destinations/${String(ids['subscriber'])}/rotate-secret`);
    expect(rotated.status).toBe(200);
    await waitUntil(async () => (await deliveriesTo('subscriber')).join() === 'delivered,1');
  });

  it('is healed by a PATCH, in all processes, and what waited arrives', async () => {
    const source = await patch(second, `/api/v1/sources/${String(ids['source'])}`, { secrets: { basic: BASIC } });
    expect([source.status, source.body['secret_unreadable']]).toEqual([200, false]);
    const destination = await patch(second, `/api/v1/destinations/${String(ids['damaged'])}`, {
      secrets: { api_key: 'another-key' },
    });
    expect([destination.status, destination.body['secret_unreadable']]).toEqual([200, false]);
    await waitUntil(async () => Object.keys(await unreadable(gateway.url)).length === 0);
    for (const { url } of [gateway, second]) {
      expect(await unreadable(url)).toEqual({});
      expect((await postWith('helpdesk:a-guess', url)).status).toBe(401);
      expect((await postWith(BASIC, url)).status).toBe(202);
    }
    await waitUntil(() => taken('damaged').length === taken('good').length);
    expect(taken('damaged')).toEqual(taken('good'));
    expect((await gateway.api('GET', '/deliveries?state=dead')).body.data).toEqual([]);
    expect((await gateway.api('GET', '/config')).status).toBe(200);
  });

  it('is left to the process that has the key for it', async () => {
    const id = String(ids['good']);
    const sealed = sealSecrets(id, { api_key: 'sealed-elsewhere' }, new SecretBox(OTHER_KEY));
    await client.query('update destinations set secrets = $2 where id = $1', [id, sealed]);
    await waitUntil(async () => (await unreadable(gateway.url))['destination'] === 1);
    expect(await unreadable(second.url)).toEqual({});
    const before = taken('good').length;
    expect((await post()).status).toBe(202);
    await waitUntil(() => taken('good').length === before + 1);
  });

  it('is another matter than a key that fits nothing: none starts, until what has secrets is disabled', async () => {
    const other = 'a-key-that-nothing-was-stored-with';
    await expect(start(other, 'api')).rejects.toThrow(
      /^The secret of destinations\/\S+ cannot be decrypted: neither ENCRYPTION_KEY nor/,
    );
    await client.query('update destinations set disabled_at = now()');
    await client.query('update sources set disabled_at = now() where secrets is not null');
    const third = await start(other, 'api');
    try {
      const path = `/api/v1/sources/${String(ids['source'])}`;
      expect((await patch(third, path, { secrets: { basic: BASIC }, disabled: false })).status).toBe(200);
      expect((await postWith(BASIC, third.url)).status).toBe(202);
    } finally {
      await third.stop();
    }
    // With one that fits, the others may wait: a destination that is enabled is read again.
    await client.query('update destinations set disabled_at = null where id = $1', [ids['good']]);
    await (await start(other, 'api')).stop();
  });
});
