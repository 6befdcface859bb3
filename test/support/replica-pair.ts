import { cp, appendFile, readFile, writeFile, chown, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/database/embedded-postgres/embedded-postgres.js';
import { findBinaryPackage } from '../../src/database/embedded-postgres/find-binaries.js';
import { placeCluster, ROOT_STATE_DIRECTORY } from '../../src/database/embedded-postgres/place-cluster.js';
import { prepareBinaries } from '../../src/database/embedded-postgres/prepare-binaries.js';
import { runProgram } from '../../src/database/embedded-postgres/run-program.js';
import type { EmbeddedPostgresWorkshop } from './embedded-postgres-process.js';

/** Single-user mode had the server's own default, and a replica may not have less than its primary ever had. */
const SETTINGS = { max_connections: '100' };

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A primary and a streaming replica of it, both real servers; ended by the workshop that gave their directories. */
export class ReplicaPair {
  private constructor(
    readonly primary: EmbeddedPostgres,
    private readonly directory: string,
    private running: EmbeddedPostgres,
  ) {}

  /** @param prepare fills the primary before the replica is copied from it */
  static async start(
    workshop: EmbeddedPostgresWorkshop,
    prepare: (url: string) => Promise<void>,
  ): Promise<ReplicaPair> {
    const [ours, theirs] = [await workshop.newDataDir(), await workshop.newDataDir()];
    const first = await startEmbeddedPostgres({ dataDir: ours, log: quiet });
    await prepare(first.url);
    await first.stop();
    await allowReplication(ours);
    await cp(ours, theirs, { recursive: true, filter: (source) => !source.endsWith('.lock') });
    const primary = await workshop.start(ours);
    await makeStandby(ours, theirs, primary.url);
    return new ReplicaPair(
      primary,
      theirs,
      await startEmbeddedPostgres({ dataDir: theirs, log: quiet, settings: SETTINGS }),
    );
  }

  get replicaUrl(): string {
    return this.running.url;
  }

  async stopReplica(): Promise<void> {
    await this.running.stop();
  }

  /** On the port that it had. */
  async startReplica(): Promise<void> {
    this.running = await startEmbeddedPostgres({ dataDir: this.directory, log: quiet, settings: SETTINGS });
  }
}

/** The gateway's role has no right to: it is given by the superuser, in single-user mode, as no password of it is known. */
async function allowReplication(dataDir: string): Promise<void> {
  const place = await placeCluster(dataDir, quiet);
  const copyTo = join(place.account === undefined ? dataDir : ROOT_STATE_DIRECTORY, 'binaries');
  const binaries = await prepareBinaries({
    packageRoot: findBinaryPackage(),
    account: place.account,
    copyTo,
    log: quiet,
  });
  const { code, output } = await runProgram(binaries.postgres, ['--single', '-D', place.directory, 'postgres'], {
    account: place.account,
    input: 'alter role deskwire superuser replication\n',
  });
  if (code !== 0 || output.includes('ERROR:')) throw new Error(`the role could not be changed: ${output}`);
}

async function makeStandby(ours: string, theirs: string, primaryUrl: string): Promise<void> {
  const { directory } = await placeCluster(ours, quiet);
  const { uid, gid } = await stat(directory);
  const copy = join(theirs, 'postgres');
  if (!directory.startsWith(ours)) throw new Error('the database files are not in the data directory');
  await giveBack(copy, directory);
  const { hostname, port, username, password } = new URL(primaryUrl);
  const connection = `host=${hostname} port=${port} user=${username} password=${password}`;
  await appendFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
  await writeFile(join(copy, 'standby.signal'), '');
  await chown(join(copy, 'standby.signal'), uid, gid);
  const record = JSON.parse(await readFile(join(theirs, 'postgres.json'), 'utf8')) as { port: number };
  await writeFile(join(theirs, 'postgres.json'), JSON.stringify({ ...record, port: record.port + 1 }));
}

/** Copied as root, files are root's: the server's account is to own them, as it owns the original. */
async function giveBack(copy: string, original: string): Promise<void> {
  const { uid, gid } = await stat(original);
  if (process.getuid?.() !== 0) return;
  const { code, output } = await runProgram('/bin/chown', ['-R', `${uid}:${gid}`, copy], { account: undefined });
  if (code !== 0) throw new Error(`the copy could not be given to its account: ${output}`);
}
