import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditDatabase } from '../../src/database/audit-database.js';
import { Database } from '../../src/database/database.js';
import { ensurePartitions } from '../../src/database/ensure-partitions.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import { type CommandResult, runCommandProcess } from '../support/command-process.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { onDatabase } from '../support/installation.js';
import { findPgBouncer, PgBouncer, type PgBouncerProgram } from '../support/pgbouncer.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { createEmptyDatabase, type TestDatabase } from '../support/template-database.js';
import { type Answer, call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

/** Far fewer than the processes have of their own, so that the server's connections change hands all the time. */
const SERVER_CONNECTIONS = '4';
const TICKETS = 4;
const LISTENING = `
  select application_name, count(*)::int from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
  group by application_name`;
const CURRENT_TIMEOUT = { text: "select current_setting('statement_timeout') as timeout" };

describe('PgBouncer in transaction mode', () => {
  const [key, nextKey] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const adminKey = `dw_${randomBytes(24).toString('hex')}`;
  let program: PgBouncerProgram | undefined;
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let through: string;
  let zulip: ScriptedZulip;
  let dataDir: string;
  let running: GatewayProcess[];
  let url: string;
  let hookPath: string;
  let posted = 0;

  beforeAll(async () => {
    // A pooler that knows no names is warned of.
    Logger.overrideLogger(false);
    program = await findPgBouncer();
    if (!program) return;
    database = await createEmptyDatabase();
    bouncer = await PgBouncer.start(program, database.url, { default_pool_size: SERVER_CONNECTIONS });
    through = bouncer.urlOf(database.url);
    zulip = await ScriptedZulip.start();
    dataDir = mkdtempSync(join(tmpdir(), 'deskwire-pooled-'));
    running = ['api', 'worker'].map((role) => new GatewayProcess(dataDir, environment({ ROLE: role })));
    const [api] = running;
    [url] = (await Promise.all(running.map((gateway) => gateway.started()))) as [string, string];
    hookPath = new URL(/groove\s+(http\S+)/.exec(api?.output ?? '')?.[1] ?? '').pathname;
  });

  afterAll(async () => {
    if (!program) return;
    await Promise.all(running.map((gateway) => gateway.stop()));
    await zulip.stop();
    await bouncer.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  /** Where it is not installed, nothing is tried, and it is said. */
  const itThrough = (name: string, test: (pgbouncer: PgBouncerProgram) => Promise<void>): void => {
    it(name, async () => {
      if (program) await test(program);
      else process.stderr.write(`PgBouncer is not installed; not tried: ${name}.\n`);
    });
  };

  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    DATABASE_URL: through,
    DATABASE_DIRECT_URL: database.url,
    ENCRYPTION_KEY: key,
    ENCRYPTION_KEY_READ_ONLY: nextKey,
    ADMIN_API_KEY: adminKey,
    OUTBOUND_ALLOW: LOOPBACK,
    ZULIP_SITE: zulip.site,
    ZULIP_EMAIL: 'bot@example.com',
    ZULIP_API_KEY: 'key-of-the-bot',
    ZULIP_CHANNEL: 'support',
    ...more,
  });

  const api = (method: string, path: string, body?: object): Promise<Answer> =>
    call(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  const webhook = (ticket: number, text: string): Promise<Answer> =>
    call(new URL(hookPath, url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'customer_replied' },
      body: JSON.stringify({
        id: `reply-${text}`,
        plain_text_body: text,
        links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
      }),
    });

  /** @returns the text by which its message is known */
  const post = async (ticket: number): Promise<string> => {
    posted += 1;
    const text = `${ticket}.${posted}`;
    expect((await webhook(ticket, text)).status).toBe(202);
    return text;
  };

  const texts = (): string[] => zulip.taken.flatMap(({ content }) => content.match(/\d+\.\d+/g) ?? []);
  const arrives = (text: string): Promise<true> => waitUntil(() => texts().includes(text));

  itThrough('takes webhooks and delivers them, each once and in the order of its ticket', async () => {
    const tickets = Array.from({ length: TICKETS }, (_, ticket) => ticket);
    const byTicket = await Promise.all(
      tickets.map(async (ticket) => [await post(ticket), await post(ticket), await post(ticket), await post(ticket)]),
    );
    await waitUntil(() => texts().length >= byTicket.flat().length);
    expect(tickets.map((ticket) => texts().filter((text) => text.startsWith(`${ticket}.`)))).toEqual(byTicket);
  });

  itThrough('lets a worker hear of what an admin changes at another process: LISTEN goes past it', async () => {
    const { body: destination } = await api('POST', '/destinations', {
      name: 'Elsewhere',
      kind: 'zulip',
      settings: { site: zulip.site, email: 'bot@example.com', channel: 'elsewhere' },
      secrets: { api_key: 'key-of-the-bot' },
    });
    const { status } = await api('POST', '/routes', {
      name: 'All of them',
      destination_id: destination['id'],
      matchers: [],
    });
    expect(status).toBe(201);
    await post(9);
    await waitUntil(() => zulip.taken.some(({ to }) => to === 'elsewhere'));
  });

  itThrough('answers auditors, in pages and by exports, and sends again what an admin names', async () => {
    const text = await post(1);
    await arrives(text);
    const exported = await call(`${url}/api/v1/deliveries/export?state=delivered`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    const { body: page } = await api('GET', '/deliveries?state=delivered&limit=500');
    expect(exported.text.trim().split('\n')).toHaveLength(page.data.length);
    expect((await api('GET', '/stats')).status).toBe(200);
    const [latest] = page.data;
    const before = zulip.taken.length;
    expect((await api('POST', `/deliveries/${String(latest?.['id'])}/replay`)).status).toBe(201);
    await waitUntil(() => zulip.taken.length > before);
  });

  itThrough('leaves what a name of a statement means to each process', async () => {
    // As of two versions that run side by side.
    const [old, young] = [new Database(through, 3), new Database(through, 3)];
    const ask = (db: Database, answer: number): Promise<unknown[]> =>
      db.query({ name: 'of-two-versions', text: `select ${answer} as answer` }, []);
    for (let round = 0; round < 5; round += 1) {
      const asked = [ask(old, 1), ask(young, 2), ask(young, 2), ask(old, 1)];
      expect((await Promise.all(asked)).flat()).toEqual([1, 2, 2, 1].map((answer) => ({ answer })));
    }
    await Promise.all([old.close(), young.close()]);
  });

  itThrough('bounds the questions of auditors, and leaves no bound to whoever comes next', async () => {
    const [audit, hot] = [new AuditDatabase(through), new Database(through, 3)];
    for (let round = 0; round < 5; round += 1) {
      expect(await audit.query(CURRENT_TIMEOUT, [])).toEqual([{ timeout: '14s' }]);
      expect(await audit.transaction((db) => db.query(CURRENT_TIMEOUT, []))).toEqual([{ timeout: '14s' }]);
      expect(await hot.query(CURRENT_TIMEOUT, [])).toEqual([{ timeout: '0' }]);
    }
    await Promise.all([audit.close(), hot.close()]);
  });

  itThrough('makes the partitions of months to come', async () => {
    const dataSource = await new DataSource({ type: 'postgres', url: through }).initialize();
    const runner = dataSource.createQueryRunner();
    expect(await ensurePartitions(runner, new Date('2031-05-30T12:00:00Z'))).toEqual([]);
    expect(await runner.query("select to_regclass('attempts_2031_08')::text as name")).toEqual([
      { name: 'attempts_2031_08' },
    ]);
    await runner.release();
    await dataSource.destroy();
  });

  itThrough('lets secrets be encrypted anew while gateways run', async () => {
    const { code, output, errors } = await command(
      { ENCRYPTION_KEY: nextKey, ENCRYPTION_KEY_READ_ONLY: key },
      'keys',
      'rotate-encryption',
    );
    expect([code, `${output}${errors}`]).toEqual([0, expect.stringContaining('none with another')]);
    await arrives(await post(2));
  });

  itThrough('is refused for what needs a connection of its own, and let alone where there is one', async () => {
    const [refused, done] = await Promise.all([
      command({ DATABASE_DIRECT_URL: '' }, 'migrate'),
      command({}, 'migrate'),
    ]);
    expect(refused).toEqual({
      code: 1,
      output: '',
      errors: expect.stringContaining('DATABASE_DIRECT_URL: must lead to the database itself'),
    });
    expect(done).toEqual({ code: 0, output: 'The schema is up to date.\n', errors: '' });
    const gateway = new GatewayProcess(dataDir, environment({ DATABASE_DIRECT_URL: '' }));
    expect(await gateway.ended()).toBe(1);
    expect(gateway.errors).toContain('DATABASE_DIRECT_URL: must lead to the database itself');
  });

  itThrough('takes nothing with it when it ends but what was asked through it', async () => {
    await bouncer.halt();
    const refused = await webhook(3, 'refused');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    // What listens goes past it, one of each process, and has not been disturbed.
    const listening = await onDatabase(database.url, async (client) => client.query(LISTENING));
    expect(listening.rows).toEqual([{ application_name: 'deskwire-listen', count: 2 }]);
    await bouncer.run();
    await waitUntil(async () => (await webhook(3, 'again')).status === 202);
    await arrives(await post(3));
  });

  const command = (more: Record<string, string>, ...args: string[]): Promise<CommandResult> =>
    runCommandProcess(environment(more), ...args);
});
