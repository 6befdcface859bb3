import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { read, root } from './files.mjs';

const UNIT = 'deploy/systemd/deskwire@.service';
const ADAPTER = 'deploy/kubernetes/prometheus-adapter.yaml';
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

/** Its configuration with the rules beside it, as compose mounts them; and what autoscalers ask, as a rule. */
function prometheusRuns(directory) {
  const key = join(directory, 'key');
  writeFileSync(key, '');
  const configuration = join(directory, 'prometheus.yml');
  writeFileSync(configuration, read('deploy/compose/prometheus.yml').replace('/run/keys/prometheus', key));
  writeFileSync(join(directory, 'alerts.yml'), read('monitoring/alerts.yml'));
  const asked = load(read(ADAPTER)).rules.external.map(({ metricsQuery }) => ({ record: 'asked', expr: metricsQuery }));
  const rules = join(directory, 'asked.yml');
  writeFileSync(rules, JSON.stringify({ groups: [{ name: 'asked', rules: asked }] }));
  return [
    run('promtool', ['check', 'config', configuration], 'deploy/compose/prometheus.yml'),
    run('promtool', ['check', 'rules', rules], ADAPTER),
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
