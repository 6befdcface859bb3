import { spawn } from 'node:child_process';
import { chmod, chown, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findBinaryPackage } from '../../src/database/embedded-postgres/find-binaries.js';
import { prepareBinaries } from '../../src/database/embedded-postgres/prepare-binaries.js';
import { pidRuns } from '../../src/database/embedded-postgres/process-identity.js';
import { runProgram } from '../../src/database/embedded-postgres/run-program.js';
import { findServerAccount, runsAsRoot } from '../../src/database/embedded-postgres/server-account.js';
import { ask, EmbeddedPostgresWorkshop, postmasterPid } from '../support/embedded-postgres-process.js';

jest.setTimeout(20_000);

const workshop = new EmbeddedPostgresWorkshop();
afterEach(() => workshop.end());

if (!runsAsRoot()) console.info('Skipped: these tests start the server from root, and we are not root.');

(runsAsRoot() ? describe : describe.skip)('started by root', () => {
  it('runs as another user, who owns the cluster but not DATA_DIR', async () => {
    const dataDir = await workshop.newDataDir();
    await workshop.start(dataDir);
    const account = await findServerAccount();
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(account?.uid);
    expect((await stat(dataDir)).uid).toBe(0);
    const seen = await runProgram('/bin/sh', ['-c', 'cat "$1"/postgres.json', 'sh', dataDir], { account });
    expect(seen.output).toContain('Permission denied');
  });

  it('keeps the cluster elsewhere, and finds it again, when that user cannot enter DATA_DIR', async () => {
    const dataDir = await workshop.newDataDir(0o700);
    const first = await workshop.start(dataDir);
    const record = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8')) as { directory: string };
    try {
      expect(record.directory).toMatch(/^\/var\/lib\/deskwire\/[0-9a-f]{16}\/postgres$/);
      expect(workshop.said.join('\n')).toContain(`the database files are kept in ${dirname(record.directory)}`);
      await ask(first.url, 'create table kept as select 42 as answer');
      await first.stop();
      const second = await workshop.start(dataDir);
      expect(await ask(second.url, 'select answer from kept')).toBe(42);
      await second.stop();
      // The record itself tells where, even if DATA_DIR could be entered by now.
      await chmod(dirname(dataDir), 0o711);
      const third = await workshop.start(dataDir);
      expect(await ask(third.url, 'select answer from kept')).toBe(42);
      await third.stop();
    } finally {
      await rm(dirname(record.directory), { recursive: true, force: true });
    }
    await expect(workshop.start(dataDir)).rejects.toThrow('are gone. Restore them');
  });

  it('uses a copy of the programs when that user cannot reach them, made once by several at once', async () => {
    const hidden = await mkdtemp(join(tmpdir(), 'deskwire-package-'));
    const open = await mkdtemp(join(tmpdir(), 'deskwire-copies-'));
    try {
      await chmod(open, 0o711);
      const packageRoot = join(hidden, basename(findBinaryPackage()));
      await cp(findBinaryPackage(), packageRoot, { recursive: true, verbatimSymlinks: true });
      const account = await findServerAccount();
      const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
      const prepare = () => prepareBinaries({ packageRoot, account, copyTo: join(open, 'binaries'), log });
      const [binaries, same] = await Promise.all([prepare(), prepare()]);
      expect(binaries.root.startsWith(open)).toBe(true);
      expect(same).toEqual(binaries);
      const { output } = await runProgram(binaries.initdb, ['--version'], { account });
      expect(output).toContain('PostgreSQL) 18');
      expect((await prepareBinaries({ packageRoot: findBinaryPackage(), account, copyTo: open, log })).root).toBe(
        findBinaryPackage(),
      );
    } finally {
      await rm(hidden, { recursive: true, force: true });
      await rm(open, { recursive: true, force: true });
    }
  });

  it('harms no process that has the number of a dead server', async () => {
    const dataDir = await workshop.newDataDir();
    await (await workshop.start(dataDir)).stop();
    const account = await findServerAccount();
    const innocent = spawn('sleep', ['60'], { ...account, stdio: 'ignore' });
    try {
      const file = join(dataDir, 'postgres', 'postmaster.pid');
      await writeFile(file, `${String(innocent.pid)}\n${dataDir}/postgres\n1700000000\n5432\n\n127.0.0.1\n`, {
        mode: 0o600,
      });
      if (account !== undefined) await chown(file, account.uid, account.gid);
      const { url } = await workshop.start(dataDir);
      expect(await ask(url, 'select 1')).toBe(1);
      expect(await pidRuns(innocent.pid ?? 0)).toBe(true);
    } finally {
      innocent.kill();
    }
  });

  it('shows no secret of the gateway in the environment or the arguments of the server', async () => {
    process.env['DESKWIRE_TEST_SECRET'] = 'not-for-postgres';
    try {
      const dataDir = await workshop.newDataDir();
      const { url } = await workshop.start(dataDir);
      const server = `/proc/${await postmasterPid(dataDir)}`;
      expect(await readFile(`${server}/environ`, 'utf8')).not.toContain('not-for-postgres');
      expect(await readFile(`${server}/cmdline`, 'utf8')).not.toContain(new URL(url).password);
    } finally {
      delete process.env['DESKWIRE_TEST_SECRET'];
    }
  });
});
