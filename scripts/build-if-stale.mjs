import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const BUILT = join(root, 'dist/src/main.js');
const LOCK = 'package-lock.json';
const INPUTS = ['src', 'migrations', 'bench', 'chaos', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', LOCK];

/** Builds if the build is missing or older than what it is made of. @returns whether it built */
export function buildIfStale() {
  // An installation that came without the sources has nothing to build from: its build is what there is.
  if (!existsSync(join(root, 'src'))) return false;
  if (buildIsNewerThan(INPUTS)) return false;
  const nest = findNest();
  if (nest === undefined) return useBuildAsItIs();
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return true;
}

/** After `npm prune --omit=dev`, which also touches package-lock.json, there is nothing to build with. */
function useBuildAsItIs() {
  const repair = 'run npm ci && npm run build.\n';
  if (!existsSync(BUILT)) {
    process.stderr.write(`Nothing is built, and what builds is not installed: ${repair}`);
    process.exit(1);
  }
  if (!buildIsNewerThan(INPUTS.filter((input) => input !== LOCK))) {
    process.stderr.write(`The build is older than the sources and is used as it is; to bring it up to date, ${repair}`);
  }
  return false;
}

function findNest() {
  try {
    return createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  } catch {
    return undefined;
  }
}

function buildIsNewerThan(inputs) {
  return existsSync(BUILT) && statSync(BUILT).mtimeMs >= newest(inputs.map((input) => join(root, input)));
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
