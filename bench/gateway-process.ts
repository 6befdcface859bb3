import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(__dirname, '../src/main.js');
const LOOK_EVERY_MS = 20;
const LONGEST_START_MS = 60_000;

/** A gateway in a process of its own, as an operator would run it. */
export interface GatewayProcess {
  url: string;
  adminKey: string;
  pid: number;
  /** From spawn to the first 200 of `/health/ready`. */
  startMs: number;
  /** In good order; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Sinks and Zulip servers of benches and chaos runs are on this machine. */
const LOOPBACK = '127.0.0.0/8,::1/128';

/** @returns a directory for one run, and how to remove it */
export function temporaryDirectory(prefix = 'deskwire-bench-'): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  // As root, PostgreSQL runs as somebody else, who must be able to enter.
  chmodSync(path, 0o711);
  return {
    path,
    remove: () => {
      // What was just killed may still write a file.
      rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/**
 * Runs the build with `dataDir` as its working directory too, away from any .env of ours, and with nothing of our
 * environment but the path.
 *
 * @param execArgv options of Node's, e.g. for its profiler
 */
export function spawnGateway(
  dataDir: string,
  environment: Record<string, string>,
  stdio: StdioOptions,
  execArgv: readonly string[] = [],
): ChildProcess {
  return spawn(process.execPath, [...execArgv, MAIN], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, OUTBOUND_ALLOW: LOOPBACK, ...environment },
    stdio,
  });
}

/** @returns a new key for `ADMIN_API_KEY` */
export function newAdminKey(): string {
  return `dw_${randomBytes(24).toString('hex')}`;
}

/**
 * Starts the build in `dataDir` on a free port and waits until it is ready.
 *
 * @param execArgv see `spawnGateway`
 */
export async function startGatewayProcess(
  dataDir: string,
  environment: Record<string, string> = {},
  execArgv: readonly string[] = [],
): Promise<GatewayProcess> {
  const port = await freePort();
  const adminKey = newAdminKey();
  const started = performance.now();
  const own = { PORT: String(port), ADMIN_API_KEY: adminKey, LOG_LEVEL: 'error' };
  const child = spawnGateway(dataDir, { ...own, ...environment }, ['ignore', 'ignore', 'inherit'], execArgv);
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child, started);
  return { url, adminKey, pid: child.pid ?? 0, startMs: performance.now() - started, stop: () => stop(child) };
}

async function ready(url: string, child: ChildProcess, started: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (child.exitCode !== null) throw new Error(`The gateway ended with code ${child.exitCode}.`);
    if (performance.now() - started > LONGEST_START_MS) {
      await stop(child);
      throw new Error('The gateway did not become ready in a minute.');
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('The system gave no port.'));
        else resolve(address.port);
      });
    });
  });
}
