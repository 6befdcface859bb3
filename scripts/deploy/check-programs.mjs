import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { autoscalerTests } from './autoscaler-tests.mjs';
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
      run('systemd-analyze', ['verify', unit], UNIT, unit),
      run('systemd-analyze', ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, unit], UNIT),
      run('haproxy', ['-c', '-f', 'deploy/compose/haproxy.cfg'], 'deploy/compose/haproxy.cfg'),
      run('hadolint', ['Dockerfile'], 'Dockerfile, by hadolint too'),
      run('amtool', ['check-config', 'deploy/compose/alertmanager.yml'], 'deploy/compose/alertmanager.yml'),
      ...prometheusRuns(directory),
    ];
    return {
      problems: runs.flatMap(({ problems = [] }) => problems),
      skipped: [...new Set(runs.flatMap(({ skipped = [] }) => skipped))],
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Its configuration with the rules beside it, as compose mounts them; and what autoscalers ask, and are told. */
function prometheusRuns(directory) {
  const key = join(directory, 'key');
  writeFileSync(key, '');
  const configuration = join(directory, 'prometheus.yml');
  writeFileSync(configuration, read('deploy/compose/prometheus.yml').replace('/run/keys/prometheus', key));
  writeFileSync(join(directory, 'alerts.yml'), read('monitoring/alerts.yml'));
  const tests = join(directory, 'asked.yml');
  writeFileSync(tests, JSON.stringify(autoscalerTests()));
  return [
    run('promtool', ['check', 'config', configuration], 'deploy/compose/prometheus.yml'),
    run('promtool', ['test', 'rules', tests], 'deploy/kubernetes/prometheus-adapter.yaml'),
  ];
}

/** @param complaint what stands in its output only where something is wrong, though it ends with 0 */
function run(program, args, what, complaint) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (error?.code === 'ENOENT') return { skipped: [`${what} (${program} is not installed)`] };
  if (error) return { problems: [`${program}: ${error.message}`] };
  const isFine = status === 0 && (complaint === undefined || !`${stdout}${stderr}`.includes(complaint));
  return isFine ? {} : { problems: [`${program} ${args.join(' ')}\n${stdout}${stderr}`.trim()] };
}
