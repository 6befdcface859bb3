import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const BUILT = join(root, 'dist/src/main.js');
const SOURCES = ['src', 'migrations', 'bench', 'chaos', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
/** What it is built by may have changed. */
const LOCK = 'package-lock.json';

/** Builds if the build is missing or older than what it is made of. @returns whether it built */
export function buildIfStale() {
  // An installation that came without the sources has nothing to build from: its build is what there is.
  if (!existsSync(join(root, 'src'))) return false;
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= newest([...SOURCES, LOCK])) return false;
  const nest = builder();
  if (nest === undefined) return runAsItIs();
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return true;
}

/** @returns the program that builds; undefined where only what it takes to run is installed: `npm prune --omit=dev` */
function builder() {
  try {
    return createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  } catch {
    return undefined;
  }
}

/** The lock file says nothing of the build's age here: npm writes it anew when it prunes. */
function runAsItIs() {
  if (!existsSync(BUILT)) {
    process.stderr.write(
      'There is no build, and what builds is not installed. Install it and build: npm ci && npm run build\n',
    );
    process.exit(1);
  }
  if (statSync(BUILT).mtimeMs < newest(SOURCES)) {
    process.stderr.write(
      'The build is older than the sources, and what builds is not installed: it is run as it is.\n',
    );
  }
  return false;
}

function newest(inputs) {
  return Math.max(...inputs.map((input) => modified(join(root, input))));
}

function modified(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => modified(join(path, name))));
}

if (import.meta.filename === process.argv[1]) buildIfStale();
