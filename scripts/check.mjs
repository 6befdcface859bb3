// `npm run check`: everything that can be said of the code without running it. All steps run; one failure fails all.
import { spawnSync } from 'node:child_process';

const STEPS = [
  ['lock', process.execPath, 'scripts/check-lock.mjs'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['types', 'tsc', '--noEmit'],
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  ['rooms', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'migrations', 'test', 'bench', 'chaos'],
  ['unused', 'knip'],
  ['build', 'nest', 'build'],
  ['deploy', process.execPath, 'scripts/check-deploy.mjs'],
  ['openapi', process.execPath, 'scripts/openapi.mjs', '--check'],
];

let failed = 0;
for (const [name, command, ...args] of STEPS) {
  const started = Date.now();
  const { status } =
    command === process.execPath
      ? spawnSync(command, args, { stdio: 'inherit' })
      : spawnSync('npx', ['--no-install', command, ...args], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) failed += 1;
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
process.exit(failed === 0 ? 0 : 1);
