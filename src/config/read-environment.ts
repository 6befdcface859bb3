import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './environment.js';
import {
  type ClientEnvironment,
  type DatabaseEnvironment,
  type EncryptionEnvironment,
  validateClientEnvironment,
  validateDatabaseEnvironment,
  validateEncryptionEnvironment,
  validateEnvironment,
} from './validate-environment.js';

/**
 * The configuration of this process: its environment over the `.env` file of the working directory.
 *
 * @throws EnvironmentError naming every bad variable
 */
export function readEnvironment(): Environment {
  return validateEnvironment(readVariables());
}

/**
 * Where a command finds the database.
 *
 * @throws EnvironmentError
 */
export function readDatabaseEnvironment(): DatabaseEnvironment {
  return validateDatabaseEnvironment(readVariables());
}

/**
 * Where a command finds the database and the keys of what is encrypted in it.
 *
 * @throws EnvironmentError
 */
export function readEncryptionEnvironment(): EncryptionEnvironment {
  return validateEncryptionEnvironment(readVariables());
}

/**
 * Where a command finds the gateway of this machine, and the key that it was given.
 *
 * @throws EnvironmentError
 */
export function readClientEnvironment(): ClientEnvironment {
  return validateClientEnvironment(readVariables());
}

function readVariables(): Record<string, unknown> {
  const file = resolve('.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...fromFile, ...process.env };
}
