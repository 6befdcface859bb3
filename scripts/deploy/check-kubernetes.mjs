import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { findMisspelled } from './find-misspelled.mjs';
import { gatewayVariables, modelsOf, read, root } from './files.mjs';
import { prometheusRuleProblems } from './prometheus-rule.mjs';

const DIRECTORY = 'deploy/kubernetes';
/** Where there is a kustomization of its own: what not every cluster has a place for. */
const MONITORING = 'monitoring';
/** For kustomize and for a chart: no objects of the cluster. */
const ADAPTER = `${DIRECTORY}/prometheus-adapter.yaml`;
const NO_MANIFESTS = ['kustomization.yaml', 'prometheus-adapter.yaml'];

/** @returns problems: the schemas of Kubernetes' API, strictly, and that what refers to each other is there */
export function checkKubernetes() {
  const files = yamlFiles(DIRECTORY);
  const ofMonitoring = yamlFiles(`${DIRECTORY}/${MONITORING}`);
  const objects = [...files, ...ofMonitoring.map((name) => `${MONITORING}/${name}`)]
    .filter((path) => !NO_MANIFESTS.includes(basename(path)))
    .flatMap((file) => loadAll(read(`${DIRECTORY}/${file}`)).map((object) => ({ file, object })));
  const problems = [
    ...objects.flatMap(schemaProblems),
    ...findMisspelled(objects),
    ...kustomizationProblems('', files),
    ...kustomizationProblems(`${MONITORING}/`, ofMonitoring),
    ...referenceProblems(objects.map(({ object }) => object)),
    ...objects.flatMap(podProblems),
    ...variableProblems(objects),
  ];
  return [...problems.map((problem) => `${DIRECTORY}/${problem}`), ...prometheusRuleProblems()];
}

function yamlFiles(directory) {
  return readdirSync(join(root, directory)).filter((name) => name.endsWith('.yaml'));
}

function schemaProblems({ file, object }) {
  const models = createRequire(import.meta.url)(modelsOf(object.apiVersion));
  if (models[object.kind] === undefined) return [`${file}: there is no ${object.kind} in ${object.apiVersion}`];
  try {
    new models[object.kind](object).validate();
    return [];
  } catch (error) {
    return [`${file}: ${object.kind} ${object.metadata.name}: ${error.message}`];
  }
}

function kustomizationProblems(directory, files) {
  const { resources } = load(read(`${DIRECTORY}/${directory}kustomization.yaml`));
  const listed = new Set([...resources, ...NO_MANIFESTS]);
  const unlisted = files.filter((name) => !listed.has(name) && !name.endsWith('.example.yaml'));
  return [
    ...resources
      .filter((name) => !files.includes(name))
      .map((name) => `${directory}kustomization.yaml: there is no ${name}`),
    ...unlisted.map((name) => `${directory}kustomization.yaml does not list ${name}`),
  ];
}

function referenceProblems(objects) {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const problems = [];
  const mustSelect = (owner, labels) => {
    const isMet = ({ spec }) =>
      Object.entries(labels).every(([key, value]) => spec.template.metadata.labels[key] === value);
    if (!deployments.some(isMet)) problems.push(`${owner} selects no pods`);
  };
  for (const { kind, metadata, spec } of objects) {
    const owner = `${kind} ${metadata.name}`;
    if (kind === 'Service') mustSelect(owner, spec.selector);
    if (kind === 'Deployment' || kind === 'PodDisruptionBudget') mustSelect(owner, spec.selector.matchLabels);
    if (kind === 'PodMonitor') mustSelect(owner, spec.selector.matchLabels);
    if (kind === 'NetworkPolicy') mustSelect(owner, spec.podSelector.matchLabels);
    if (
      kind === 'HorizontalPodAutoscaler' &&
      !deployments.some((one) => one.metadata.name === spec.scaleTargetRef.name)
    ) {
      problems.push(`${owner} scales nothing`);
    }
  }
  const named = objects.flatMap(({ spec }) =>
    (spec?.metrics ?? []).flatMap(({ external }) => external?.metric.name ?? []),
  );
  const rules = load(read(ADAPTER)).rules.external;
  const offered = rules.map(({ name }) => name.as);
  for (const name of named)
    if (!offered.includes(name)) problems.push(`prometheus-adapter.yaml does not offer ${name}`);
  const metrics = new Set(read('docs/metrics.md').match(/\bdeskwire_\w+/g));
  for (const name of JSON.stringify(rules).match(/\bdeskwire_\w+/g)) {
    if (!metrics.has(name)) problems.push(`prometheus-adapter.yaml: docs/metrics.md knows no ${name}`);
  }
  return problems;
}

/** As the "restricted" standard of https://kubernetes.io/docs/concepts/security/pod-security-standards/ asks, and a read-only root. */
function podProblems({ file, object }) {
  const pod = object.spec?.template?.spec;
  if (pod === undefined) return [];
  const isSafe = ({ securityContext: own }) =>
    own?.allowPrivilegeEscalation === false &&
    own.readOnlyRootFilesystem === true &&
    own.capabilities?.drop?.includes('ALL') === true;
  const problems = pod.containers
    .filter((container) => !isSafe(container))
    .map(({ name }) => `${file}: ${name} is not confined`);
  const { runAsNonRoot, seccompProfile } = pod.securityContext ?? {};
  if (runAsNonRoot !== true || seccompProfile?.type !== 'RuntimeDefault')
    problems.push(`${file}: the pod is not confined`);
  return problems;
}

function variableProblems(objects) {
  return objects
    .filter(({ object: { kind } }) => kind === 'ConfigMap' || kind === 'Secret')
    .flatMap(({ file, object: { data, stringData } }) =>
      Object.keys({ ...data, ...stringData })
        .filter((name) => !gatewayVariables.has(name))
        .map((name) => `${file}: the gateway knows no variable ${name}`),
    );
}
