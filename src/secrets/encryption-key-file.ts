import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../config/validate-environment.js';
import { errorCode } from '../database/error-code.js';
import type { EncryptionKeys } from './encryption-keys.js';
import { newToken } from './secret-token.js';

const FILE_NAME = 'encryption.key';
/** The key before the last rotation. */
const PREVIOUS_FILE_NAME = 'encryption.key.previous';
const SHORTEST_KEY = 32;

/**
 * The key in `dataDir/encryption.key`, made at first start, readable by its owner alone, and the one before it in
 * `encryption.key.previous`, once there was one. The directory is there already.
 *
 * @throws EnvironmentError when a file holds no key: whatever was encrypted under it could not be read
 */
export function readOrMakeKeyFile(dataDir: string): EncryptionKeys {
  const path = join(dataDir, FILE_NAME);
  if (!existsSync(path)) makeKey(path);
  const previous = join(dataDir, PREVIOUS_FILE_NAME);
  return {
    current: readKey(path, FILE_NAME),
    readOnly: existsSync(previous) ? [readKey(previous, PREVIOUS_FILE_NAME)] : [],
  };
}

/**
 * Puts a new key in the place of the present one, which can still be read with. The older one is forgotten: nothing may
 * be encrypted under it any more. A process that runs finds the new key when it meets what is encrypted under it.
 */
export function renewKeyFile(dataDir: string): void {
  const { current } = readOrMakeKeyFile(dataDir);
  // In this order: whatever ends the process in between, the present key is never lost.
  replace(join(dataDir, PREVIOUS_FILE_NAME), current);
  replace(join(dataDir, FILE_NAME), newToken());
}

function readKey(path: string, name: string): string {
  const key = readFileSync(path, 'utf8').trim();
  if (key.length >= SHORTEST_KEY) return key;
  throw new EnvironmentError([`DATA_DIR: ${name} is damaged: it holds no key of ${SHORTEST_KEY} characters`]);
}

function replace(path: string, key: string): void {
  const draft = writeDraft(path, key);
  try {
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Another process that makes one at the same time may be first. */
function makeKey(path: string): void {
  const draft = writeDraft(path, newToken());
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whole or not at all: a disk that fills up in between must not leave an empty key. */
function writeDraft(path: string, key: string): string {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${key}\n`, { mode: 0o600, flush: true });
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return draft;
}
