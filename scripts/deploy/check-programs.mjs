import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, root } from './files.mjs';

const UNIT = 'deploy/systemd/deskwire@.service';
/** Of 100; systemd calls up to 20 "ok" or better. */
const MOST_EXPOSED = 20;

/** @returns what the programs find whose files these are, and which of them are not installed here */
export function checkPrograms() {
  const directory = mkdtempSync(join(tmpdir(), 'deskwire-check-'));
  try {
    // Node may lie elsewhere here than where the unit is used.
    const unit = join(directory, 'deskwire@.service');
    writeFileSync(unit, read(UNIT).replace('/usr/bin/node', process.execPath));
    const runs = [
      run('systemd-analyze', ['verify', unit], UNIT),
      run('systemd-analyze', ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, unit], UNIT),
      run('haproxy', ['-c', '-f', 'deploy/compose/haproxy.cfg'], 'deploy/compose/haproxy.cfg'),
      run('hadolint', ['Dockerfile'], 'Dockerfile, by hadolint too'),
      // It reads the rules as well.
      existsSync(join(root, 'deploy/prometheus/alerts.yml'))
        ? run('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml'], 'deploy/prometheus/prometheus.yml')
        : { skipped: ['deploy/prometheus/prometheus.yml (it has no alerts.yml)'] },
    ];
    return {
      problems: runs.flatMap(({ problems = [] }) => problems),
      skipped: [...new Set(runs.flatMap(({ skipped = [] }) => skipped))],
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(program, args, what) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (error?.code === 'ENOENT') return { skipped: [`${what} (${program} is not installed)`] };
  if (error) return { problems: [`${program}: ${error.message}`] };
  return status === 0 ? {} : { problems: [`${program} ${args.join(' ')}\n${stdout}${stderr}`.trim()] };
}
