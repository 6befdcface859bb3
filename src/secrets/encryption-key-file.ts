import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../database/error-code.js';
import { newToken } from './secret-token.js';

const FILE_NAME = 'encryption.key';

/** The key in `dataDir/encryption.key`, made at first start, readable by its owner alone. The directory is there already. */
export function readOrMakeEncryptionKey(dataDir: string): string {
  const path = join(dataDir, FILE_NAME);
  try {
    writeFileSync(path, `${newToken()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
