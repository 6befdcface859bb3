import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectoryInUseError, lockDataDirectory, type DataDirectoryLock } from './data-directory-lock.js';
import { ownIdentity } from './process-identity.js';

const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
let directory: string;
let taken: DataDirectoryLock[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'deskwire-lock-'));
  taken = [];
});

afterEach(async () => {
  for (const lock of taken) await lock.release();
  rmSync(directory, { recursive: true });
});

async function take(): Promise<void> {
  taken.push(await lockDataDirectory(directory, log));
}

async function leaveLock(of: object): Promise<string> {
  const file = join(directory, 'gateway.lock');
  await writeFile(file, JSON.stringify({ ...(await ownIdentity()), token: 'left', ...of }));
  return file;
}

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

it('refuses a directory that is held, naming it and the process, and gives it free', async () => {
  await take();
  const again = lockDataDirectory(directory, log);
  await expect(again).rejects.toThrow(DataDirectoryInUseError);
  await expect(again).rejects.toThrow(`${directory} is in use by another gateway, process ${process.pid}`);
  await taken.pop()?.release();
  expect(await readdir(directory)).toEqual([]);
  await take();
});

it.each([
  ['of a dead process', () => leaveLock({ pid: deadPid() })],
  ['whose number another process has', () => leaveLock({ startedAt: '1' })],
  ['that a power cut emptied', () => writeFile(join(directory, 'gateway.lock'), '')],
  ['that nobody has', () => Promise.resolve()],
])('lets exactly one of twenty take a lock %s', async (_what, leave) => {
  await leave();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, take));
  const refusals = tries.filter((result) => result.status === 'rejected').map(({ reason }): unknown => reason);
  expect(taken).toHaveLength(1);
  expect(refusals).toHaveLength(19);
  for (const refusal of refusals) expect(refusal).toBeInstanceOf(DataDirectoryInUseError);
  expect(await readdir(directory)).toEqual(['gateway.lock']);
});

it('takes over from a process that died in the middle of taking over', async () => {
  const file = await leaveLock({ pid: deadPid() });
  await writeFile(`${file}.after-left`, await readFile(file, 'utf8').then((text) => text.replace('left', 'second')));
  await take();
  expect(taken).toHaveLength(1);
});

describe('an owner in another container', () => {
  it('is refused to once its heartbeat is seen', async () => {
    const file = await leaveLock({ pid: deadPid(), space: 'elsewhere' });
    const beat = setInterval(() => void utimes(file, new Date(), new Date()), 200);
    try {
      await expect(take()).rejects.toThrow(DataDirectoryInUseError);
    } finally {
      clearInterval(beat);
    }
  });

  it('is followed at once when its heartbeat is old', async () => {
    const file = await leaveLock({ pid: process.pid, space: 'elsewhere' });
    const old = new Date(Date.now() - 13_000);
    await utimes(file, old, old);
    const before = performance.now();
    await take();
    expect(performance.now() - before).toBeLessThan(8_000);
  });
});
