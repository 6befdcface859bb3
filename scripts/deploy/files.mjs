import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** @returns a file's text. @param path from the root of the repository */
export const read = (path) => readFileSync(join(root, path), 'utf8');

/** @returns the names of all variables that an example of an .env file lists, whether commented out or not */
export function variablesOf(path) {
  return new Set([...read(path).matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
}

/** @returns the package that has the schemas and types of a version of the cluster's API, or of what is added to it */
export function modelsOf(apiVersion) {
  const isOfOperator = apiVersion.startsWith('monitoring.coreos.com/');
  return `${isOfOperator ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}`;
}

/** The names that the gateway knows: test/…/environment compares the file with the code. */
export const gatewayVariables = variablesOf('.env.example');
