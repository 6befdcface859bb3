// Writes the alert rules as the Prometheus operator takes them: node scripts/deploy/prometheus-rule.mjs && npm run format
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { read, root } from './files.mjs';

const ALERTS = 'monitoring/alerts.yml';
const RULE = 'deploy/kubernetes/monitoring/prometheus-rule.yaml';

const HEAD = `# The rules of ${ALERTS}, for the Prometheus operator. Written by: node scripts/deploy/prometheus-rule.mjs
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: deskwire
spec:
`;

/** @returns a problem, where the operator's rules are not those that are tested */
export function prometheusRuleProblems() {
  const isSame = isDeepStrictEqual(load(read(RULE)).spec, load(read(ALERTS)));
  return isSame
    ? []
    : [`${RULE} is not what ${ALERTS} says: node scripts/deploy/prometheus-rule.mjs && npm run format`];
}

function writePrometheusRule() {
  const rules = read(ALERTS).replace(/^(#.*\n)+/, '');
  writeFileSync(join(root, RULE), HEAD + rules.replace(/^(?=.)/gm, '  '));
}

if (import.meta.filename === process.argv[1]) writePrometheusRule();
