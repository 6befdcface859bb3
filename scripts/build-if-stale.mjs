import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const BUILT = join(root, 'dist/src/main.js');
const INPUTS = [
  'src',
  'migrations',
  'bench',
  'chaos',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package-lock.json',
];

/** Builds if the build is missing or older than what it is made of. @returns whether it built */
export function buildIfStale() {
  // An installation that came without the sources has nothing to build from: its build is what there is.
  if (!existsSync(join(root, 'src'))) return false;
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= newest(INPUTS.map((input) => join(root, input)))) return false;
  const nest = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return true;
}

function newest(paths) {
  return Math.max(...paths.map(modified));
}

function modified(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => modified(join(path, name))));
}

if (import.meta.filename === process.argv[1]) buildIfStale();
