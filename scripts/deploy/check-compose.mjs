import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { gatewayVariables, read, root, variablesOf } from './files.mjs';

const DIRECTORY = 'deploy/compose';
const FILE = `${DIRECTORY}/compose.yml`;

/** @returns problems: the schema of https://compose-spec.io and good practice by dclint, and that names fit together */
export function checkCompose() {
  return [...lint(), ...nameProblems().map((problem) => `${FILE}: ${problem}`)];
}

function lint() {
  const { rules } = JSON.parse(read(`${DIRECTORY}/.dclintrc.json`));
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
  return linter
    .lintFiles([join(root, FILE)], false)
    .flatMap(({ messages }) => messages.map(({ line, message, rule }) => `${FILE}:${line} ${message} (${rule})`));
}

function nameProblems() {
  const text = read(FILE);
  const { services, networks } = load(text, { schema: YAML11_SCHEMA });
  const asked = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
  const offered = variablesOf(`${DIRECTORY}/.env.example`);
  return [
    ...[...asked].filter((name) => !offered.has(name)).map((name) => `.env.example does not name ${name}`),
    ...[...offered]
      .filter((name) => !asked.has(name))
      .map((name) => `.env.example names ${name}, which nothing asks for`),
    ...['api', 'worker'].flatMap((service) =>
      Object.keys(services[service].environment)
        .filter((name) => !gatewayVariables.has(name))
        .map((name) => `the gateway knows no variable ${name}`),
    ),
    ...Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .filter((volume) => volume.startsWith('.') && !existsSync(join(root, DIRECTORY, volume.split(':')[0])))
      .map((volume) => `there is no ${volume.split(':')[0]}`),
    ...balancerProblems(services, networks),
  ];
}

/**
 * A name that two containers share networks by may lead through any of these: Docker's resolver takes one that is not
 * internal first. The gateways believe one network's addresses alone, so the balancer has to know them by a name of that one.
 */
function balancerProblems(services, networks) {
  const { api, balancer } = services;
  const name = /server-template \S+ \S+ (\w+):/.exec(read(`${DIRECTORY}/haproxy.cfg`))?.[1];
  const known = Object.keys(networks).filter((network) => api.networks[network]?.aliases?.includes(name));
  const [front, ...others] = known;
  if (name in services || front === undefined || others.length > 0)
    return [`haproxy.cfg asks for ${name}, which must be a name of api's in one network alone`];
  const range = networks[front].ipam?.config[0].subnet;
  return [
    ...(balancer.networks.includes(front) ? [] : [`balancer is not in ${front}, where gateways are called ${name}`]),
    ...(range !== undefined && api.environment.TRUSTED_PROXIES === range
      ? []
      : [`TRUSTED_PROXIES must be the range of ${front}, where gateways are called ${name}`]),
  ];
}
