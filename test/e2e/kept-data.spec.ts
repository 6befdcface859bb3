import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, revertLatest } from '../../src/database/migrate.js';
import { runProgram } from '../../src/database/embedded-postgres/run-program.js';
import { migrations } from '../../migrations/index.js';
import { describeSchema } from '../support/describe-schema.js';
import { digestTables, Installation, onDatabase } from '../support/installation.js';
import { findPostgresPrograms, type PostgresPrograms, startServerOf } from '../support/postgres-programs.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import {
  createTestDatabase,
  databaseUrl,
  onServer,
  SERVER_VARIABLE,
  type TestDatabase,
} from '../support/template-database.js';
import type { TestServer } from '../support/test-server.js';
import { waitUntil } from '../support/wait-until.js';
import { whilePending } from '../support/while-pending.js';

const BACKUP_PAGE = readFileSync(join(__dirname, '../../docs/backup.md'), 'utf8');
const LOG = ['events', 'deliveries', 'attempts'];

// Several servers' and gateways' starts: seconds on a free machine.
jest.setTimeout(120_000);

describe('what is kept', () => {
  let zulip: ScriptedZulip;
  let installation: Installation;

  beforeEach(async () => {
    zulip = await ScriptedZulip.start();
    installation = new Installation(zulip);
  });

  afterEach(async () => {
    await installation.stop();
    await zulip.stop();
  });

  const texts = (): string[] => zulip.taken.map(({ content }) => content.split('> ')[1] ?? '');
  const arrives = (text: string): Promise<true> => waitUntil(() => texts().includes(text));

  /** Something in every corner: what was delivered, is dead and waits; a duplicate; changes; a ticket; a secret. */
  const live = async (url: string): Promise<void> => {
    await installation.start(url);
    await installation.post(1, 'first');
    await arrives('first');
    zulip.answerNext({ status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'No.' } });
    await installation.post(2, 'refused');
    await waitUntil(
      async () => (await installation.api('GET', '/api/v1/deliveries?state=dead')).body.data.length === 1,
    );
    expect((await installation.api('POST', '/tickets', { ticket_message: 'It burns.' })).status).toBe(201);
    await waitUntil(() => zulip.taken.length === 2);
    expect((await installation.api('POST', '/api/v1/api-keys', { name: 'Ada', role: 'auditor' })).status).toBe(201);
    const destinations = await installation.api('GET', '/api/v1/destinations');
    const id = String(destinations.body.data[0]?.['id']);
    expect((await installation.api('POST', `/api/v1/destinations/${id}/pause`)).status).toBeLessThan(300);
    expect((await installation.post(1, 'waits')).body['deliveries']).toBe(1);
  };

  const resume = async (): Promise<void> => {
    const destinations = await installation.api('GET', '/api/v1/destinations');
    const id = String(destinations.body.data[0]?.['id']);
    expect((await installation.api('POST', `/api/v1/destinations/${id}/resume`)).status).toBeLessThan(300);
  };

  it('by migrations down and up again: the log, and what waits', async () => {
    const database = await createTestDatabase();
    try {
      await live(database.url);
      await installation.stop();
      const before = await digestTables(database.url);
      const schema = await onDatabase(database.url, describeSchema);
      const log = await countLog(database.url);
      // The latest alone, then all but the first, which makes the log itself.
      await revertLatest(database.url);
      await migrate(database.url, new Date());
      expect(await digestTables(database.url)).toEqual(before);
      for (const { name } of migrations.slice(1).reverse()) {
        await revertLatest(database.url);
        expect([name, await countLog(database.url)]).toEqual([name, log]);
      }
      await migrate(database.url, new Date());
      expect(await onDatabase(database.url, describeSchema)).toBe(schema);
      expect(await countLog(database.url)).toEqual(log);
      await installation.start(database.url);
      await arrives('waits');
      await installation.post(1, 'again');
      await arrives('again');
    } finally {
      await installation.stop();
      await database.drop();
    }
  });

  it('by a backup and its restoration, as docs/backup.md says', async () => {
    const server = await serverForPrograms();
    if (typeof server === 'string') {
      process.stderr.write(`Backup and restoration are not tested: ${server}.\n`);
      return;
    }
    const { programs, url } = server;
    const directory = mkdtempSync(join(tmpdir(), 'deskwire-backup-'));
    const [original, restored] = [await makeDatabase(url, 'live'), await makeDatabase(url, 'restored')];
    try {
      await migrate(original.url, new Date());
      await live(original.url);
      // As by night: while the gateway runs and webhooks come.
      const file = join(directory, 'deskwire.dump');
      const dump = run(programs, ['pg_dump', '--format=custom', '--no-owner', `--file=${file}`], original.url);
      await whilePending(dump, () => installation.post(3, 'meanwhile'));
      await installation.stop();
      await run(
        programs,
        ['pg_restore', '--no-owner', '--exit-on-error', '--single-transaction', '--dbname'],
        restored.url,
        file,
      );
      const schema = await onDatabase(original.url, describeSchema);
      expect(await onDatabase(restored.url, describeSchema)).toBe(schema);
      await expectWhole(restored.url);
      await original.drop();

      await installation.start(restored.url);
      const { body } = await installation.api('GET', '/api/v1/deliveries?state=pending&ticket=1');
      expect(body.data.map((delivery) => delivery['state'])).toEqual(['pending']);
      await resume();
      await arrives('waits');
      await installation.post(1, 'after');
      await arrives('after');
      expect(texts().filter((text) => text === 'first')).toEqual(['first']);
      const forged = onDatabase(restored.url, (client) => client.query('delete from changes'));
      await expect(forged).rejects.toThrow();
    } finally {
      await installation.stop();
      await original.drop();
      await restored.drop();
      await server.stop();
      rmSync(directory, { recursive: true });
    }
  });
});

async function countLog(url: string): Promise<unknown> {
  const counts = LOG.map((name) => `(select count(*)::int from ${name}) as ${name}`);
  const { rows } = await onDatabase(url, (client) => client.query(`select ${counts.join(', ')}`));
  return rows[0];
}

/** One moment's log: no delivery without its event, no accepted event without its delivery. */
async function expectWhole(url: string): Promise<void> {
  const { rows } = await onDatabase(url, (client) =>
    client.query(`
      select (select count(*)::int from deliveries d where not exists (select from events e where e.id = d.event_id)) as orphans,
             (select count(*)::int from events e where outcome = 'accepted'
                and not exists (select from deliveries d where d.event_id = e.id)) as childless`),
  );
  expect(rows).toEqual([{ orphans: 0, childless: 0 }]);
}

interface Dumpable {
  programs: PostgresPrograms;
  url: string;
  stop(): Promise<void>;
}

/** pg_dump refuses servers that are newer than itself: then the server that came with it is used. */
async function serverForPrograms(): Promise<Dumpable | string> {
  const [newest, ...others] = await findPostgresPrograms();
  if (newest === undefined) return 'pg_dump of PostgreSQL 15 or newer is not installed';
  const url = process.env[SERVER_VARIABLE] ?? '';
  const { rows } = await onDatabase(url, (client) =>
    client.query<{ major: number }>("select current_setting('server_version_num')::int / 10000 as major"),
  );
  const major = rows[0]?.major ?? 0;
  if (newest.major >= major) return { programs: newest, url, stop: () => Promise.resolve() };
  const own = [newest, ...others].find(({ hasServer }) => hasServer);
  if (own === undefined) return `pg_dump is of version ${newest.major}, the server of version ${major}`;
  const server: TestServer = await startServerOf(own);
  return { programs: own, ...server };
}

async function makeDatabase(server: string, name: string): Promise<TestDatabase> {
  const full = `deskwire_backup_${name}`;
  const drop = (): Promise<void> =>
    onServer(server, (client) => client.query(`drop database if exists ${full} with (force)`));
  await drop();
  await onServer(server, (client) => client.query(`create database ${full}`));
  return { url: databaseUrl(server, full), drop };
}

/** Runs a command that the page has word for word, its database and its file in the place of the page's. */
async function run(
  { directory }: PostgresPrograms,
  [program = '', ...args]: string[],
  url: string,
  file?: string,
): Promise<void> {
  const words = [program, ...args].map((word) => word.replace(/=\/.*/, '=deskwire.dump')).join(' ');
  expect(BACKUP_PAGE).toContain(
    file === undefined ? `${words} "$DATABASE_URL"\n` : `${words} "$DATABASE_URL" deskwire.dump\n`,
  );
  const { code, output } = await runProgram(join(directory, program), [
    ...args,
    url,
    ...(file === undefined ? [] : [file]),
  ]);
  expect([code, output]).toEqual([0, '']);
}
