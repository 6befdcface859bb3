import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { copyBinaries } from './copy-binaries.js';
import { errorCode } from '../error-code.js';
import { errorMessage } from './error-message.js';
import { UnsupportedPlatformError } from './errors.js';
import { binariesIn, type PostgresBinaries } from './find-binaries.js';
import { hydrateSymlinks } from './hydrate-symlinks.js';
import { type EmbeddedPostgresLog } from './log.js';
import { runProgram } from './run-program.js';
import { type ServerAccount } from './server-account.js';

const CANNOT_WRITE = new Set(['EROFS', 'EACCES', 'EPERM']);

interface Wishes {
  packageRoot: string;
  account: ServerAccount | undefined;
  /** Where a copy is made if the package cannot be used where it is. */
  copyTo: string;
  log: EmbeddedPostgresLog;
}

/**
 * Makes the programs usable by `account`: where npm put them if that account may read them there and their links exist
 * or can be made; else as a copy (a clone below /root; node_modules that belongs to another user).
 *
 * @throws UnsupportedPlatformError when they do not run even so, for example on a system without glibc
 */
export async function prepareBinaries({ packageRoot, account, copyTo, log }: Wishes): Promise<PostgresBinaries> {
  const installed = binariesIn(packageRoot);
  if ((await canHydrate(packageRoot)) && (await whyUnusable(installed, account)) === undefined) return installed;
  const copied = binariesIn(join(copyTo, await packageName(packageRoot)));
  log.info(`PostgreSQL's programs cannot be used in ${packageRoot}: using a copy in ${copied.root}`);
  await copyBinaries(packageRoot, copied.root);
  const reason = await whyUnusable(copied, account);
  if (reason !== undefined) {
    // The usual cause of a program that is there and yet "not found" is Alpine, whose C library is another.
    throw new UnsupportedPlatformError(`PostgreSQL's programs, which need glibc, do not run here: ${reason}.`);
  }
  return copied;
}

async function canHydrate(packageRoot: string): Promise<boolean> {
  try {
    await hydrateSymlinks(packageRoot);
    return true;
  } catch (error) {
    if (CANNOT_WRITE.has(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/** Running them is the only honest test: it meets directory modes, libraries and `noexec` alike. Takes some 10 ms. */
async function whyUnusable(binaries: PostgresBinaries, account?: ServerAccount): Promise<string | undefined> {
  try {
    const { code, output } = await runProgram(binaries.postgres, ['--version'], { account });
    if (code !== 0) return output.trim();
    return await whyUnreadable(join(binaries.root, 'native', 'share', 'postgresql', 'postgres.bki'), account);
  } catch (error) {
    if (errorCode(error) !== undefined) return errorMessage(error);
    throw error;
  }
}

/** As root everything is readable to us; so the account itself must look. */
async function whyUnreadable(file: string, account?: ServerAccount): Promise<string | undefined> {
  if (account === undefined) return undefined;
  const { code } = await runProgram('/bin/sh', ['-c', 'test -r "$1"', 'sh', file], { account });
  return code === 0 ? undefined : `${file} is not readable`;
}

/** Version and platform are in the name, so that an upgrade gets a copy of its own. */
async function packageName(packageRoot: string): Promise<string> {
  const parsed: unknown = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  const version = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
  return `postgresql-${version}-${basename(packageRoot)}`;
}
