import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import { logWatch } from './log-watch.js';
import { waitUntil } from './wait-until.js';

const LOADER = 'test/support/run-typescript.mjs';
const MAIN = 'src/main.ts';
const HERE = join(__dirname, '../..');

/** A gateway in a process of its own, that a test may kill. */
export class GatewayProcess {
  output = '';
  errors = '';
  private readonly child: ChildProcess;

  /** @param root of the sources, where they are not these */
  constructor(dataDir: string, environment: Record<string, string> = {}, root = HERE) {
    logWatch.keep(environment['ADMIN_API_KEY'], environment['ENCRYPTION_KEY'], environment['ZULIP_API_KEY']);
    this.child = spawn(process.execPath, ['--import', join(root, LOADER), join(root, MAIN)], {
      // Away from any .env of the working directory.
      cwd: dataDir,
      env: {
        PATH: process.env['PATH'],
        DATA_DIR: dataDir,
        PORT: '0',
        LOG_LEVEL: 'debug',
        OUTBOUND_ALLOW: LOOPBACK,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  /** @returns where it listens, once it says so */
  async started(): Promise<string> {
    return waitUntil(() => {
      if (this.child.exitCode !== null) throw new Error(`The gateway ended: ${this.errors}`);
      return /Deskwire (?:listens on|delivers\. Probes:) (http:\/\/[^/\s]+)/.exec(this.output)?.[1];
    });
  }

  /** @returns the exit code, once it has ended by itself */
  async ended(): Promise<number> {
    return waitUntil(() => this.child.exitCode ?? undefined);
  }

  /** @returns when the process is gone, without a chance to clean up */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** @returns when the process has ended in good order */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Sends a signal: `SIGSTOP` and `SIGCONT` as when a machine is suspended and goes on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
    }
    logWatch.keepOutputOf(this.output, this.errors);
  }
}
