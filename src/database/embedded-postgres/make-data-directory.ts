import { chmodSync, mkdirSync } from 'node:fs';
import { runsAsRoot } from './server-account.js';

/**
 * Makes DATA_DIR if it is not there, for its owner alone. Root's may be entered (not listed) by others, since the account
 * that runs the server must reach its files there; everything else in it is readable by its owner alone.
 *
 * @returns the same path
 */
export function makeDataDirectory(dataDir: string): string {
  const mode = runsAsRoot() ? 0o711 : 0o700;
  // Whatever the umask; but one that was there before keeps the mode that somebody chose.
  if (mkdirSync(dataDir, { recursive: true, mode }) !== undefined) chmodSync(dataDir, mode);
  return dataDir;
}
