import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresStartError } from './errors.js';
import { type PostgresBinaries } from './find-binaries.js';
import { type EmbeddedPostgresLog } from './log.js';
import { type ClusterPlace } from './place-cluster.js';
import { serverArguments, type PostgresSettings } from './postgres-settings.js';
import { readPostmasterPid } from './postmaster-pid-file.js';
import { programOptions, runProgram } from './run-program.js';
import { type ServerLogFile } from './server-log-file.js';
import { stopWithParent } from './stop-with-parent.js';

const LOOK_MS = 10;
const SLOW_START_MS = 10_000;
/** A fast shutdown ends all sessions and writes everything out; ten seconds are plenty for a small database. */
const FAST_LIMIT_MS = 10_000;
const IMMEDIATE_LIMIT_MS = 5_000;

/** All that is needed to start the server, again and again. */
export interface ServerPlan {
  binaries: PostgresBinaries;
  place: Pick<ClusterPlace, 'directory' | 'account'>;
  port: number;
  settings: PostgresSettings;
  logFile: ServerLogFile;
  log: EmbeddedPostgresLog;
}

/** One run of the server, from its start to its end. */
export class Postmaster {
  /** Resolves when the server has ended, with how. Never rejects. */
  readonly ended: Promise<string>;
  private hasEnded = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly plan: ServerPlan,
  ) {
    this.ended = new Promise((resolve) => {
      const settle = (how: string) => {
        this.hasEnded = true;
        resolve(how);
      };
      child.once('error', (error) => {
        settle(error.message);
      });
      child.once('exit', (code, signal) => {
        settle(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
      });
    });
  }

  /**
   * Starts the server, in a session of its own so that Ctrl-C in the terminal does not stop it under a gateway that is
   * still draining, and waits until it takes connections: as long as a recovery takes.
   *
   * @param signal stops it again
   * @throws PostgresStartError with the end of the server's log when it ends instead
   */
  static async start(plan: ServerPlan, signal?: AbortSignal): Promise<Postmaster> {
    const before = await plan.logFile.size();
    const output = plan.logFile.descriptor;
    const child = spawn(plan.binaries.postgres, serverArguments(plan.place.directory, plan.port, plan.settings), {
      ...programOptions(plan.place.account),
      detached: true,
      stdio: ['ignore', output, output],
    });
    // Whether the process lives on is the gateway's decision, not the server's.
    child.unref();
    const postmaster = new Postmaster(child, plan);
    if (child.pid !== undefined) {
      void postmaster.ended.then(stopWithParent(child.pid, plan.place.account, plan.log));
    }
    await postmaster.becomesReady(signal);
    if (!postmaster.hasEnded) return postmaster;
    const how = await postmaster.ended;
    throw new PostgresStartError(`PostgreSQL did not start (${how})`, await plan.logFile.textSince(before));
  }

  /** Stops the server: fast, then, after a time limit, at once; what was committed is kept in any case. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    await this.request('fast');
    if (await this.endsWithin(FAST_LIMIT_MS)) return;
    this.plan.log.warn(`PostgreSQL did not stop within ${FAST_LIMIT_MS / 1000} s: stopping it without a checkpoint`);
    await this.request('immediate');
    if (await this.endsWithin(IMMEDIATE_LIMIT_MS)) return;
    this.plan.log.error('PostgreSQL does not stop: killing it');
    this.child.kill('SIGKILL');
    await this.endsWithin(IMMEDIATE_LIMIT_MS);
  }

  /** By its own status file, 10 ms by 10 ms: a try to connect would fork a process that only logs a refusal. */
  private async becomesReady(signal?: AbortSignal): Promise<void> {
    const started = performance.now();
    let told = false;
    while (!this.hasEnded) {
      const file = await readPostmasterPid(this.plan.place.directory);
      if (file?.pid === this.child.pid && file?.ready === true) return;
      if (signal?.aborted === true) await this.stop();
      if (!told && performance.now() - started > SLOW_START_MS) {
        told = true;
        this.plan.log.warn('PostgreSQL is still starting; it is probably recovering from a sudden end');
      }
      await sleep(LOOK_MS);
    }
  }

  /** The signals are those of pg_ctl (https://www.postgresql.org/docs/18/server-shutdown.html); Windows has none. */
  private async request(mode: 'fast' | 'immediate'): Promise<void> {
    if (process.platform !== 'win32') {
      this.child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      return;
    }
    const { code, output } = await runProgram(this.plan.binaries.pgCtl, [
      ...['stop', '-D', this.plan.place.directory, '-m', mode, '--no-wait'],
    ]);
    if (code !== 0) this.plan.log.warn(`pg_ctl stop: ${output.trim()}`);
  }

  private async endsWithin(limitMs: number): Promise<boolean> {
    const giveUp = new AbortController();
    const limit = sleep(limitMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
    await Promise.race([this.ended, limit]);
    giveUp.abort();
    return this.hasEnded;
  }
}
