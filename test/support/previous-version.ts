import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const MIGRATION = /^migrations\/\d+-.*\.ts$/;

/** The sources of an earlier version, checked out beside these. */
export interface PreviousVersion {
  commit: string;
  root: string;
  /** How many migrations came since. */
  newMigrations: number;
  remove(): void;
}

/**
 * Finds the latest commit that has fewer migrations than there are now, and those unchanged: the version that a rolling
 * upgrade to this one comes from.
 *
 * @returns it, or why there is none here
 */
export function checkOutPreviousVersion(): PreviousVersion | string {
  if (!existsSync(join(ROOT, '.git'))) return 'there is no history here';
  const now = migrationsOf('HEAD');
  for (const commit of git('log', '--first-parent', '--format=%H', 'HEAD').split('\n').filter(Boolean)) {
    const then = migrationsOf(commit);
    const isBeginning = [...then].every(([path, hash]) => now.get(path) === hash);
    if (then.size === 0 || then.size >= now.size || !isBeginning) continue;
    const missing = missingPackages(commit);
    if (missing.length > 0) return `${commit.slice(0, 7)} needs other packages: ${missing.join(', ')}`;
    return { commit, newMigrations: now.size - then.size, ...checkOut(commit) };
  }
  return 'no earlier version in this history has fewer migrations, and the same';
}

/** Paths and hashes of what they say. */
function migrationsOf(commit: string): Map<string, string> {
  const entries = git('ls-tree', '-r', commit, 'migrations/')
    .split('\n')
    .map((line) => /^\d+ blob ([0-9a-f]+)\t(.*)$/.exec(line))
    .filter((found) => found !== null && MIGRATION.test(found[2] ?? ''));
  return new Map(entries.map((found) => [found?.[2] ?? '', found?.[1] ?? '']));
}

/** It runs on the packages that are installed: more of them do no harm, others might. */
function missingPackages(commit: string): string[] {
  const { dependencies } = JSON.parse(git('show', `${commit}:package.json`)) as {
    dependencies: Record<string, string>;
  };
  return Object.entries(dependencies)
    .filter(([name, version]) => installedVersion(name) !== version)
    .map(([name, version]) => `${name} ${version}`);
}

function installedVersion(name: string): string | undefined {
  const file = join(ROOT, 'node_modules', name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined;
}

function checkOut(commit: string): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'deskwire-previous-'));
  const archive = execFileSync('git', ['archive', commit, 'src', 'migrations', 'test/support', 'package.json'], {
    cwd: ROOT,
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  execFileSync('tar', ['-x', '-C', root], { input: archive });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return {
    root,
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: Number.POSITIVE_INFINITY });
}
