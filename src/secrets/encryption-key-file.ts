import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../config/validate-environment.js';
import { errorCode } from '../database/error-code.js';
import { newToken } from './secret-token.js';

const FILE_NAME = 'encryption.key';
const SHORTEST_KEY = 32;

/**
 * The key in `dataDir/encryption.key`, made at first start, readable by its owner alone. The directory is there already.
 *
 * @throws EnvironmentError when the file holds no key: whatever was encrypted under it could not be read
 */
export function readOrMakeEncryptionKey(dataDir: string): string {
  const path = join(dataDir, FILE_NAME);
  if (!existsSync(path)) makeKey(path);
  const key = readFileSync(path, 'utf8').trim();
  if (key.length >= SHORTEST_KEY) return key;
  throw new EnvironmentError([`DATA_DIR: ${FILE_NAME} is damaged: it holds no key of ${SHORTEST_KEY} characters`]);
}

/** Whole or not at all: a disk that fills up in between must not leave an empty key. */
function makeKey(path: string): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${newToken()}\n`, { mode: 0o600, flush: true });
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
