// `npm run check`: everything that can be said of the code without running it. All steps run; one failure fails all.
import { spawn } from 'node:child_process';

/** Two rows of steps beside each other, each in its order: one step takes as long as all others. */
const ROWS = [
  [['lint', 'eslint', '--max-warnings', '0', '.']],
  [
    ['lock', process.execPath, 'scripts/check-lock.mjs'],
    ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
    ['types', 'tsc', '--noEmit'],
    ['rooms', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'migrations', 'test', 'bench', 'chaos'],
    ['unused', 'knip'],
    // The build that is there, if it is of this code: something may be running from it.
    ['build', process.execPath, 'scripts/build-if-stale.mjs'],
    ['deploy', process.execPath, 'scripts/check-deploy.mjs'],
    ['openapi', process.execPath, 'scripts/openapi.mjs', '--check'],
  ],
];

/** What a step says comes in one piece, above its name. */
async function passes([name, command, ...args]) {
  const started = Date.now();
  const { code, output } = await run(command, args);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${output}${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return code === 0;
}

function run(command, args) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child =
    command === process.execPath
      ? spawn(command, args, { stdio })
      : spawn('npx', ['--no-install', command, ...args], { stdio, shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function allPass(steps) {
  let all = true;
  for (const step of steps) all = (await passes(step)) && all;
  return all;
}

const rows = await Promise.all(ROWS.map(allPass));
process.exit(rows.every(Boolean) ? 0 : 1);
