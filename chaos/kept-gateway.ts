import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGateway } from '../bench/gateway-process.js';
import { waitFor } from './wait-for.js';

const LONGEST_START_MS = 60_000;
/** In good order; what takes longer is killed. */
const LONGEST_STOP_MS = 20_000;
const START_AGAIN_AFTER_MS = 300;
const PROBE_LIMIT_MS = 3_000;

/** Ended by their numbers whatever ends this process, short of SIGKILL. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A gateway in a process of its own that is started again at once whenever it ends, as a service manager would. */
export class KeptGateway {
  readonly url: string;
  /** Starts that failed by themselves: right for one that finds its PostgreSQL killed. */
  failedStarts = 0;
  /** How it ended when it was up and nobody had killed it: always wrong. */
  readonly deaths: string[] = [];
  private child: ChildProcess | undefined;
  private isUp = false;
  private isPaused = false;
  private isKilled = false;
  private isStopping = false;

  /** @param environment beside the port and DATA_DIR, which is `directory` */
  constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly environment: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  start(): void {
    if (this.isStopping) return;
    const log = openSync(join(this.directory, 'gateway.log'), 'a');
    const child = spawnGateway(this.directory, { ...this.environment, PORT: `${this.port}` }, ['ignore', log, log]);
    closeSync(log);
    children.add(child);
    child.once('exit', (code, signal) => {
      children.delete(child);
      this.ended(`exit code ${String(code)}, signal ${String(signal)}`);
    });
    this.child = child;
    this.isUp = false;
    this.isKilled = false;
    void this.comeUp(child);
  }

  /** @throws when it is not up within a minute */
  async ready(signal: AbortSignal): Promise<void> {
    if (await waitFor(() => this.isUp, LONGEST_START_MS, signal)) return;
    throw new Error(`The gateway at ${this.url} was not ready within ${LONGEST_START_MS / 1_000} s.`);
  }

  /** @returns whether it was still starting */
  kill(): boolean {
    const wasStarting = !this.isUp;
    this.isKilled = true;
    this.child?.kill('SIGKILL');
    return wasStarting;
  }

  /** Whether it can be killed or paused now: neither twice, nor the one while the other lasts. */
  get isRunning(): boolean {
    return children.has(this.child as ChildProcess) && !this.isKilled && !this.isPaused;
  }

  /**
   * The process stands still, its connections stay open: as on a machine that is asleep, or has no memory left.
   *
   * @param signal ends the pause early
   */
  async pause(forMs: number, signal: AbortSignal): Promise<void> {
    this.isPaused = true;
    this.child?.kill('SIGSTOP');
    await sleep(forMs, undefined, { signal }).catch(() => undefined);
    this.child?.kill('SIGCONT');
    this.isPaused = false;
  }

  /** For good; resolves when the process is gone. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (!child) return;
    child.kill('SIGTERM');
    const isGone = (): boolean => !children.has(child);
    if (await waitFor(isGone, LONGEST_STOP_MS)) return;
    child.kill('SIGKILL');
    await waitFor(isGone, LONGEST_STOP_MS);
  }

  private ended(how: string): void {
    if (this.isStopping) return;
    if (this.isKilled) {
      this.start();
      return;
    }
    if (this.isUp) this.deaths.push(how);
    else this.failedStarts += 1;
    setTimeout(() => {
      this.start();
    }, START_AGAIN_AFTER_MS);
  }

  private async comeUp(child: ChildProcess): Promise<void> {
    await waitFor(async () => {
      if (!children.has(child)) return true;
      const probe = fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
      const isReady = await probe.then(
        ({ status }) => status === 200,
        () => false,
      );
      if (isReady && this.child === child) this.isUp = true;
      return isReady;
    }, LONGEST_START_MS);
  }
}
