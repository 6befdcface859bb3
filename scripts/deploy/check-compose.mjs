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
  const { services } = load(text, { schema: YAML11_SCHEMA });
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
  ];
}
