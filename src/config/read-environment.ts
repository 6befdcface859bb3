import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './environment.js';
import { validateEnvironment } from './validate-environment.js';

/**
 * The configuration of this process: its environment over the `.env` file of the working directory.
 *
 * @throws EnvironmentError naming every bad variable
 */
export function readEnvironment(): Environment {
  const file = resolve('.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return validateEnvironment({ ...fromFile, ...process.env });
}
