import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { readClusterRecord } from '../src/database/embedded-postgres/cluster-record.js';
import { readPostmasterPid } from '../src/database/embedded-postgres/postmaster-pid-file.js';
import { databaseUrl } from '../src/database/embedded-postgres/prepare-database.js';
import { commandOf, pidRuns } from '../src/database/embedded-postgres/process-identity.js';
import { waitFor } from './wait-for.js';

const LONGEST_RESTART_MS = 30_000;

/** The PostgreSQL server of a run, whoever keeps it: the gateway, or this process. */
export class Cluster {
  private readonly directory: string;

  /** @param dataDir of whoever keeps it */
  constructor(private readonly dataDir: string) {
    // As the server is told it.
    this.directory = join(realpathSync(dataDir), 'postgres');
  }

  /**
   * Waits until there is a server, since the last kill may have been a moment ago, and kills it.
   *
   * @throws when there is none within half a minute
   */
  async kill(signal: AbortSignal): Promise<void> {
    let pid: number | undefined;
    const isThere = async (): Promise<boolean> => (pid = await this.runningPid()) !== undefined;
    if (!(await waitFor(isThere, LONGEST_RESTART_MS, signal)) || pid === undefined) {
      throw new Error('PostgreSQL did not come back.');
    }
    process.kill(pid, 'SIGKILL');
  }

  /** Resolves when the server is gone, which a shell stops after the sudden end of its gateway. */
  async gone(): Promise<void> {
    await waitFor(async () => (await this.runningPid()) === undefined, LONGEST_RESTART_MS);
  }

  /** @throws pg's errors, e.g. while the server recovers */
  async connected<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const record = await readClusterRecord(this.dataDir);
    if (!record) throw new Error(`There is no database in ${this.dataDir}.`);
    const client = new Client({ connectionString: databaseUrl(record.port, record.password) });
    // A lost connection is told by the query as well, which rejects.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** The file outlives a server that was killed: somebody else may have its number by now, who must not be harmed. */
  private async runningPid(): Promise<number | undefined> {
    const file = await readPostmasterPid(this.directory);
    if (!file || !(await pidRuns(file.pid))) return undefined;
    const command = await commandOf(file.pid);
    return command?.includes(`-D ${this.directory} `) === true ? file.pid : undefined;
  }
}
