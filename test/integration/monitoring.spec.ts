import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

const ROOT = join(__dirname, '../..');
const DIRECTORY = join(ROOT, 'monitoring');

interface Rules {
  groups: { rules: { alert: string; labels: { severity: string } }[] }[];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const promtool = (...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: DIRECTORY, encoding: 'utf8' });
  return { status, output: error ? error.message : stdout + stderr };
};

const alerts = (load(read('monitoring/alerts.yml')) as Rules).groups.flatMap(({ rules }) => rules);
const isInstalled = promtool('--version').status === 0;
const withPromtool = isInstalled ? it : it.skip;
if (!isInstalled) console.warn('promtool is not installed (Debian: prometheus), so the alert rules are not tried.');

describe('the alerts', () => {
  it('are in docs/metrics.md, each with its severity', () => {
    const rows = [...read('docs/metrics.md').matchAll(/^\| `(Deskwire\w+)` +\| (\w+) +\| \S/gm)];
    const documented = rows.map(([, alert, severity]) => ({ alert, severity }));
    expect(documented).toEqual(alerts.map(({ alert, labels: { severity } }) => ({ alert, severity })));
  });

  it('are each fired by a test', () => {
    const { tests } = load(read('monitoring/alerts.test.yml')) as { tests: { name: string }[] };
    const names = tests.map(({ name }) => name);
    expect(alerts.map(({ alert }) => alert).filter((alert) => !names.includes(alert))).toEqual([]);
  });

  withPromtool('fire when they should, and not before', () => {
    expect(promtool('check', 'rules', 'alerts.yml')).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
    expect(promtool('test', 'rules', 'alerts.test.yml')).toEqual({
      status: 0,
      output: expect.stringContaining('SUCCESS'),
    });
  });

  withPromtool('are loaded by the example of a configuration', () => {
    const checked = promtool('check', 'config', '--syntax-only', 'prometheus.yml');
    expect(checked).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
    expect(load(read('monitoring/prometheus.yml'))).toMatchObject({
      rule_files: ['alerts.yml'],
      scrape_configs: [{ job_name: 'deskwire' }],
    });
  });
});

describe('the dashboard', () => {
  interface Dashboard {
    panels: { title: string; targets?: { expr: string }[] }[];
  }

  withPromtool('asks what Prometheus understands', () => {
    const { panels } = JSON.parse(read('monitoring/grafana-dashboard.json')) as Dashboard;
    const asked = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(asked.length).toBeGreaterThan(30);
    // As Grafana fills them in.
    const rules = asked.map((expr, index) => ({
      record: `dashboard:${index}`,
      expr: expr
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$job', 'deskwire')
        .replaceAll(/\$(namespace|instance)/g, '.*'),
    }));
    const directory = mkdtempSync(join(tmpdir(), 'deskwire-dashboard-'));
    try {
      const path = join(directory, 'rules.json');
      writeFileSync(path, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      expect(promtool('check', 'rules', path)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
