import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { DataDirectoryInUseError } from '../../src/database/embedded-postgres/data-directory-lock.js';
import { pidRuns } from '../../src/database/embedded-postgres/process-identity.js';
import { runsAsRoot } from '../../src/database/embedded-postgres/server-account.js';
import {
  ask,
  EmbeddedPostgresWorkshop,
  killGuardOf,
  killNow,
  outcome,
  postmasterPid,
  waitUntilGone,
} from '../support/embedded-postgres-process.js';
import { waitUntil } from '../support/wait-until.js';

jest.setTimeout(20_000);

const workshop = new EmbeddedPostgresWorkshop();
afterEach(() => workshop.end());

const onPosix = process.platform === 'win32' ? it.skip : it;
const onLinux = process.platform === 'linux' ? it : it.skip;
const mode = async (path: string) => (await stat(path)).mode & 0o777;

describe('starting and stopping', () => {
  it('makes a database that is private, local, in UTF-8, and not for superusers', async () => {
    // Longer than a Unix socket's path may be.
    const dataDir = join(await workshop.newDataDir(), 'x'.repeat(120));
    const { url } = await workshop.start(dataDir);
    expect(url).toMatch(/^postgres:\/\/deskwire:[0-9a-f]{64}@127\.0\.0\.1:\d+\/deskwire$/);
    expect(await ask(url, 'show server_encoding')).toBe('UTF8');
    expect(await ask(url, `select lower('ÄÖÜ Ω') || (('b' < 'a') or ('a' < 'B'))`)).toBe('äöü ωfalse');
    expect(await ask(url, `select rolsuper from pg_roles where rolname = 'deskwire'`)).toBe(false);
    expect(await ask(url, 'show listen_addresses')).toBe('127.0.0.1');
    await expect(ask(url.replace(/:[0-9a-f]{64}@/, ':wrong@'), 'select 1')).rejects.toThrow('password authentication');
    expect(await mode(dataDir)).toBe(runsAsRoot() ? 0o711 : 0o700);
    for (const file of ['postgres.json', 'postgres.log', 'gateway.lock']) {
      expect(await mode(join(dataDir, file))).toBe(0o600);
    }
    expect(await mode(join(dataDir, 'postgres'))).toBe(0o700);
  });

  it('comes back on the same port, with the same password and its data; nothing runs in between', async () => {
    const dataDir = await workshop.newDataDir();
    const first = await workshop.start(dataDir);
    await ask(first.url, 'create table kept as select 42 as answer');
    const server = await postmasterPid(dataDir);
    await Promise.all([first.stop(), first.stop()]);
    expect(await pidRuns(server)).toBe(false);
    expect(await readdir(dataDir)).not.toContain('gateway.lock');
    const second = await workshop.start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select answer from kept')).toBe(42);
  });

  it('takes another port when its own is taken, and a new password when postgres.json is lost', async () => {
    const dataDir = await workshop.newDataDir();
    const first = await workshop.start(dataDir);
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    try {
      const second = await workshop.start(dataDir);
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
      await second.stop();
    } finally {
      squatter.close();
    }
    await rm(join(dataDir, 'postgres.json'));
    const third = await workshop.start(dataDir);
    expect(new URL(third.url).password).not.toBe(new URL(first.url).password);
    expect(await ask(third.url, 'select answer from kept')).toBe(42);
  });

  it('begins anew after an initialisation that was killed half-way', async () => {
    const dataDir = await workshop.newDataDir();
    await mkdir(dataDir);
    const child = workshop.spawn(dataDir);
    const staging = async () => (await readdir(dataDir)).filter((name) => name.includes('.staging-'));
    while ((await staging()).length === 0 && child.exitCode === null) await sleep(5);
    await sleep(100);
    await killNow(child);
    expect(await staging()).toHaveLength(1);
    expect(await readdir(dataDir)).not.toContain('postgres');
    const { url } = await workshop.start(dataDir);
    expect(await ask(url, 'select 1')).toBe(1);
    expect(await staging()).toEqual([]);
  });
});

describe('when the gateway is killed', () => {
  onLinux('stops the server it left, and starts it with all that was committed', async () => {
    const dataDir = await workshop.newDataDir();
    const child = workshop.spawn(dataDir);
    const started = await outcome(child);
    if (!('url' in started)) throw new Error(started.message);
    await ask(started.url, 'create table kept as select 42 as answer');
    const orphan = await postmasterPid(dataDir);
    await killGuardOf(orphan);
    await killNow(child);
    await sleep(100);
    expect(await pidRuns(orphan)).toBe(true);
    const { url } = await workshop.start(dataDir);
    expect(workshop.said.join('\n')).toContain(`process ${orphan}`);
    expect(url).toBe(started.url);
    expect(await ask(url, 'select answer from kept')).toBe(42);
    expect(await postmasterPid(dataDir)).not.toBe(orphan);
    await waitUntilGone(orphan);
  });

  it('can be started again at once, while its server is still stopping', async () => {
    const dataDir = await workshop.newDataDir();
    const child = workshop.spawn(dataDir);
    await outcome(child);
    const server = await postmasterPid(dataDir);
    await killNow(child);
    const { url } = await workshop.start(dataDir);
    expect(await ask(url, 'select 1')).toBe(1);
    await waitUntilGone(server);
  });

  onPosix('keeps the server through a Ctrl-C while the gateway drains, and ends it with the gateway', async () => {
    const dataDir = await workshop.newDataDir();
    const child = workshop.spawn(dataDir);
    const started = await outcome(child);
    if (!('url' in started) || child.pid === undefined) throw new Error('The child did not start.');
    process.kill(-child.pid, 'SIGINT');
    await sleep(200);
    expect(await ask(started.url, 'select 1')).toBe(1);
    const server = await postmasterPid(dataDir);
    await killNow(child);
    await waitUntilGone(server);
  });
});

describe('two gateways on one directory', () => {
  it('refuses the second and leaves the first alone', async () => {
    const dataDir = await workshop.newDataDir();
    const child = workshop.spawn(dataDir);
    const started = await outcome(child);
    if (!('url' in started)) throw new Error(started.message);
    const server = await postmasterPid(dataDir);
    const refusal: unknown = await workshop.start(dataDir).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirectoryInUseError);
    expect((refusal as Error).message).toContain(dataDir);
    expect((refusal as Error).message).toContain(`process ${String(child.pid)}`);
    expect(await ask(started.url, 'select 1')).toBe(1);
    expect(await postmasterPid(dataDir)).toBe(server);
  });

  it('lets exactly one of several win that start at the same time, over a dead one', async () => {
    const dataDir = await workshop.newDataDir();
    const dead = workshop.spawn(dataDir);
    await outcome(dead);
    await killNow(dead);
    const outcomes = await Promise.all([1, 2, 3].map(() => outcome(workshop.spawn(dataDir))));
    const winners = outcomes.filter((told) => 'url' in told);
    expect(winners).toHaveLength(1);
    for (const told of outcomes) if ('error' in told) expect(told.error).toBe('DataDirectoryInUseError');
    expect(await ask(winners[0]?.url ?? '', 'select 1')).toBe(1);
  });
});

describe('when the server is killed', () => {
  it('is started again where pools find it, with all that was committed, each time', async () => {
    const dataDir = await workshop.newDataDir();
    const { url } = await workshop.start(dataDir);
    const pool = new Pool({ connectionString: url, max: 2 });
    pool.on('error', () => undefined);
    const backs = () => workshop.said.filter((line) => line.includes('is back on port')).length;
    try {
      await pool.query('create table kept (round int)');
      for (const round of [1, 2]) {
        await pool.query('insert into kept values ($1)', [round]);
        process.kill(await postmasterPid(dataDir), 'SIGKILL');
        await waitUntil(() => backs() === round);
        const { rows } = await poolAnswer(pool, 'select round from kept');
        expect(rows).toHaveLength(round);
      }
      expect(workshop.said.filter((line) => line.includes('ended unexpectedly (signal SIGKILL)'))).toHaveLength(2);
    } finally {
      await pool.end();
    }
  });

  it('is stopped for good even while it is being started again', async () => {
    const dataDir = await workshop.newDataDir();
    const postgres = await workshop.start(dataDir);
    const server = await postmasterPid(dataDir);
    process.kill(server, 'SIGKILL');
    await waitUntilGone(server);
    await postgres.stop();
    await expect(ask(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('starting PostgreSQL 18');
  });
});

/** A pool finds out that a connection is dead by using it. */
function poolAnswer(pool: Pool, sql: string) {
  return waitUntil(() => pool.query(sql).catch(() => undefined));
}
