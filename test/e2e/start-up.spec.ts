import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GatewayProcess } from '../support/gateway-process.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import type { CommandResult } from '../support/command-process.js';
import { createTestDatabase } from '../support/template-database.js';
import { type Answer, call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';
import { runKeysCommand } from './admin-api/keys-command-process.js';

const shell = promisify(execFile);
const ADMIN_KEY = `dw_${'k'.repeat(40)}`;
const CONTENT =
  'New ticket has been opened for Test Name\n' +
  '[Ticket #9 Test Subject](https://testteam.groovehq.com/groove_client/tickets/68659446)\n' +
  '> The content of the body goes here.';

// Real processes, each with a real PostgreSQL: seconds, not milliseconds.
jest.setTimeout(60_000);

describe('starting the gateway', () => {
  let dataDir: string;
  let running: GatewayProcess[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'deskwire-start-'));
    await chmod(dataDir, 0o711);
    running = [];
  });

  afterEach(async () => {
    for (const gateway of running) await gateway.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = (environment: Record<string, string> = {}): GatewayProcess => {
    const gateway = new GatewayProcess(dataDir, environment);
    running.push(gateway);
    return gateway;
  };

  const deliveries = async (url: string): Promise<Record<string, unknown>[]> => {
    const { body } = await call(`${url}/api/v1/deliveries`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return body.data;
  };

  it('shows on an empty directory what to do next, in lines that work when pasted', async () => {
    const gateway = start();
    await gateway.started();
    const lines = await waitUntil(() => {
      const found = [...gateway.output.matchAll(/^ {2}(curl .*)$/gm)].map((match) => match[1] ?? '');
      return found.length === 2 && found;
    });
    const sent = await shell('sh', ['-c', lines[0] ?? '']);
    expect(JSON.parse(sent.stdout)).toEqual({ event_ids: [expect.any(String)], deliveries: 1 });
    const delivery = await waitUntil(async () => {
      const { data } = JSON.parse((await shell('sh', ['-c', lines[1] ?? ''])).stdout) as {
        data: Record<string, unknown>[];
      };
      return data[0]?.['state'] === 'delivered' && data[0];
    });
    expect(delivery).toMatchObject({ topic: '#9 Test Subject', content: CONTENT });
  });

  it('shows secrets once, and never writes them to the log', async () => {
    const first = start({ LOG_LEVEL: 'trace' });
    await first.started();
    const key = await waitUntil(() => /dw_[\w-]{43}/.exec(first.output)?.[0]);
    const token = /\/hooks\/groove\/([\w-]{43})/.exec(first.output)?.[1] ?? 'none was shown';
    const [log, message] = splitOutput(first.output);
    expect(message).toContain(key);
    expect(log).not.toContain(key);
    expect(log).not.toContain(token);
    await first.stop();

    const second = start({ LOG_LEVEL: 'trace' });
    await second.started();
    expect(second.output).not.toContain(key);
    expect(second.output).not.toContain(token);
    const encryptionKey = readFileSync(join(dataDir, 'encryption.key'), 'utf8').trim();
    expect(first.output + second.output).not.toContain(encryptionKey);
  });

  it('lets whoever lost the first key make another one, while it runs and while it does not', async () => {
    const first = start();
    const url = await first.started();
    const changed = async (at: string, key: string): Promise<unknown> => {
      const { body } = await call(`${at}/api/v1/changes?kind=api_key&limit=1`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return body.data;
    };
    const create = (...args: string[]): Promise<CommandResult> =>
      runKeysCommand({ DATA_DIR: dataDir }, 'create', ...args);
    const running = await create();
    expect([running.code, running.output]).toEqual([0, expect.stringMatching(/^dw_[\w-]{43}\n$/)]);
    const byCommand = { by: { via: 'command' }, subject: { kind: 'api_key', name: 'Admin key made by a command' } };
    expect(await changed(url, running.output.trim())).toMatchObject([byCommand]);
    await first.stop();

    const stopped = await create('--name', 'Later');
    expect([stopped.code, stopped.output]).toEqual([0, expect.stringMatching(/^dw_[\w-]{43}\n$/)]);
    expect(stopped.errors).toMatch(/^Made the key "Later" \(admin, id [0-9a-f-]{36}\)\. It is shown this once:\n$/);
    // The directory is free again, and keys are there: the start makes none.
    const second = start();
    const again = await second.started();
    expect(await changed(again, stopped.output.trim())).toMatchObject([{ subject: { name: 'Later' } }]);
    await waitUntil(() => second.output.includes('A key that was lost is replaced by: npm run keys -- create'));
    expect(second.output).not.toContain('dw_');
  });

  it('warns of a key in the environment that was revoked, without showing it', async () => {
    const first = start({ ADMIN_API_KEY: ADMIN_KEY });
    await first.started();
    expect(first.output).not.toContain(ADMIN_KEY);
    const run = (...args: string[]): Promise<CommandResult> => runKeysCommand({ DATA_DIR: dataDir }, ...args);
    const other = (await run('create')).output.trim();
    const id = /^(\S+) .*ADMIN_API_KEY$/m.exec((await run('list')).output)?.[1] ?? '';
    expect((await run('revoke', id)).code).toBe(0);
    await first.stop();

    const second = start({ ADMIN_API_KEY: ADMIN_KEY });
    const url = await second.started();
    const status = async (key: string): Promise<number> =>
      (await call(`${url}/api/v1/sources`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await status(ADMIN_KEY), await status(other)]).toEqual([401, 200]);
    const [log] = splitOutput(second.output);
    const warnings = log.split('\n').filter((line) => line.includes('ADMIN_API_KEY'));
    expect(warnings.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 40,
        key_id: id,
        msg: 'the key that ADMIN_API_KEY names was revoked, and opens nothing: name another one, or remove the variable',
      }),
    ]);
    expect(second.output + second.errors).not.toContain(ADMIN_KEY);
  });

  it('refuses a directory in use, and leaves the gateway that has it alone', async () => {
    const first = start({ ADMIN_API_KEY: ADMIN_KEY });
    const url = await first.started();
    const second = start({ ADMIN_API_KEY: ADMIN_KEY });
    expect(await second.ended()).toBe(1);
    expect(second.errors).toContain(dataDir);
    expect(second.errors).not.toContain('    at ');
    expect(await deliveries(url)).toEqual([]);
  });

  it('names a bad variable without its value, and starts nothing', async () => {
    const gateway = start({ ADMIN_API_KEY: 'too-short' });
    expect(await gateway.ended()).toBe(1);
    expect(gateway.errors).toContain('ADMIN_API_KEY: must be dw_ and at least 32 printable characters');
    expect(gateway.errors).not.toContain('too-short');
  });

  it('takes its first bot from a zuliprc, and says what is wrong with one', async () => {
    const zuliprc = join(dataDir, 'zuliprc');
    const bot = { ZULIPRC: zuliprc, ZULIP_CHANNEL: 'support' };
    const missing = start(bot);
    expect(await missing.ended()).toBe(1);
    expect(missing.errors).toBe(
      'Deskwire cannot start. The configuration cannot be used:\n  - ZULIPRC: the file cannot be read (ENOENT)\n',
    );
    writeFileSync(zuliprc, '[api]\nemail=bot@example.com\nkey=hidden-key\n');
    const halved = start(bot);
    expect(await halved.ended()).toBe(1);
    expect(halved.errors).toContain('zuliprc');
    expect(halved.errors).not.toContain('hidden-key');

    writeFileSync(zuliprc, '[api]\nemail=bot@example.com\nkey=hidden-key\nsite=https://chat.example.com\n');
    const gateway = start(bot);
    const url = await gateway.started();
    // The starts that failed have not used up the key that is shown once.
    const key = await waitUntil(() => /dw_[\w-]{43}/.exec(gateway.output)?.[0]);
    const { body } = await call(`${url}/api/v1/destinations`, { headers: { authorization: `Bearer ${key}` } });
    expect(body.data).toMatchObject([
      { name: 'Zulip', settings: { site: 'https://chat.example.com', email: 'bot@example.com', channel: 'support' } },
    ]);
  });

  it('logs an error that nobody caught without what hangs on it, and ends', async () => {
    const database = await createTestDatabase();
    const rejection = Object.assign(new Error(`duplicate key of ${ADMIN_KEY}`), {
      code: '23505',
      detail: 'Key (hidden)',
    });
    const script = `process.on('SIGUSR2', () => {
      Promise.reject(Object.assign(new Error(${JSON.stringify(rejection.message)}), ${JSON.stringify(rejection)}));
    })`;
    const gateway = start({
      ROLE: 'worker',
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: 'e'.repeat(32),
      ADMIN_API_KEY: ADMIN_KEY,
      NODE_OPTIONS: `--import data:text/javascript;base64,${Buffer.from(script).toString('base64')}`,
    });
    await gateway.started();
    gateway.signal('SIGUSR2');
    expect(await gateway.ended()).toBe(1);
    const last = await waitUntil(() => gateway.output.split('\n').find((line) => line.includes('"level":60')));
    expect(JSON.parse(last)).toMatchObject({
      level: 60,
      context: 'process',
      msg: 'unhandledRejection: the process ends',
      err: { type: 'Error', message: 'duplicate key of ***', code: '23505' },
    });
    expect(last).not.toContain('hidden');
    expect(gateway.errors).toBe('');
    await database.drop();
  });

  it('loses nothing that it accepted when it is killed, and marks what was in the air', async () => {
    // Zulip takes what it is sent and never answers; the gateway is killed, and started again when Zulip answers.
    const zulip = await ScriptedZulip.start();
    const bot = {
      ZULIP_SITE: zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'k',
      ZULIP_CHANNEL: 'support',
      // What was in the air is looked up when its request can no longer land: the sooner, the shorter the lease.
      LEASE_SECONDS: '3',
    };
    zulip.answerBy(() => 'hang');
    const first = start({ ADMIN_API_KEY: ADMIN_KEY, ...bot });
    await first.started();
    const hookUrl = await waitUntil(() => /http:\S+\/hooks\/groove\/\S+/.exec(first.output)?.[0]);
    const post = (event: string, number: number): Promise<Answer> =>
      call(hookUrl, {
        method: 'POST',
        headers: { 'x-groove-event': event },
        body: JSON.stringify({ number, title: 'Kept', state: 'opened' }),
      });
    for (const number of [1, 2, 3]) expect((await post('ticket_started', number)).status).toBe(202);
    // Behind one that is in the air.
    expect((await post('ticket_opened', 1)).status).toBe(202);
    await waitUntil(() => zulip.received.length === 3);
    await first.kill();

    zulip.answerBy(() => undefined);
    const url = await start({ ADMIN_API_KEY: ADMIN_KEY, ...bot }).started();
    const all = await waitUntil(async () => {
      const found = await deliveries(url);
      return found.every((delivery) => delivery['state'] === 'delivered') && found.reverse();
    });
    expect(all.map((delivery) => [delivery['topic'], delivery['attempts']])).toEqual([
      ['#1 Kept', 2],
      ['#2 Kept', 2],
      ['#3 Kept', 2],
      ['#1 Kept', 1],
    ]);
    const ofFirstTicket = zulip.taken.filter((message) => message.topic === '#1 Kept');
    expect(ofFirstTicket.map((message) => message.content.split('\n')[0])).toEqual([
      'New ticket has been opened',
      'A ticket has been opened',
    ]);
    const { body } = await call(`${url}/api/v1/deliveries/${String(all[0]?.['id'])}?include=attempts`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    expect(body['attempts']).toMatchObject([
      { number: 1, outcome: 'retry', reason: 'interrupted', in_doubt: true },
      { number: 2, outcome: 'sent', in_doubt: false },
    ]);
    await zulip.stop();
  });

  it('answers 503 while its database is away, and goes on when it is back', async () => {
    const gateway = start({ ADMIN_API_KEY: ADMIN_KEY });
    const url = await gateway.started();
    const hookUrl = await waitUntil(() => /http:\S+\/hooks\/groove\/\S+/.exec(gateway.output)?.[0]);
    let number = 0;
    const post = async (): Promise<number> => {
      number += 1;
      const answer = await call(hookUrl, {
        method: 'POST',
        headers: { 'x-groove-event': 'ticket_started' },
        body: JSON.stringify({ number, title: 'Counted' }),
      });
      if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      return answer.status;
    };
    const statuses: number[] = [await post()];
    process.kill(postmasterPid(dataDir), 'SIGKILL');
    await waitUntil(async () => {
      statuses.push(await post());
      return statuses.at(-1) === 202 && statuses.includes(503);
    });
    expect(new Set(statuses)).toEqual(new Set([202, 503]));
    const accepted = statuses.filter((status) => status === 202).length;
    const all = await waitUntil(async () => {
      const found = await deliveries(url);
      return found.length >= accepted && found.every((delivery) => delivery['state'] === 'delivered') && found;
    });
    // A commit whose answer was lost may stand without a 202; one that was answered must stand.
    expect(all.length).toBeGreaterThanOrEqual(accepted);
  });
});

/** The log is JSON, one object a line; the message to the operator is not. */
function splitOutput(output: string): [log: string, message: string] {
  const lines = output.split('\n');
  return [
    lines.filter((line) => line.startsWith('{')).join('\n'),
    lines.filter((line) => !line.startsWith('{')).join('\n'),
  ];
}

function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
