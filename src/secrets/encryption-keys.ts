import type { Environment } from '../config/environment.js';
import { readOrMakeKeyFile } from './encryption-key-file.js';

/** What secrets at rest are encrypted with. */
export interface EncryptionKeys {
  /** Encrypts and decrypts. */
  readonly current: string;
  /** Decrypt only: the one before a rotation, or the one after it, while processes of both run side by side. */
  readonly readOnly: readonly string[];
}

/** Where the keys are found. Asked before anything is encrypted, and when something turns up that no known one encrypted. */
export type KeySource = () => EncryptionKeys;

/**
 * @returns the keys that the environment names, else those in `DATA_DIR`, where the first one is made when it is asked for
 * @throws EnvironmentError, when asked, for a damaged file
 */
export function keySourceOf(
  environment: Pick<Environment, 'DATA_DIR' | 'ENCRYPTION_KEY' | 'ENCRYPTION_KEY_READ_ONLY'>,
): KeySource {
  const { DATA_DIR, ENCRYPTION_KEY: current, ENCRYPTION_KEY_READ_ONLY: other } = environment;
  const others = other === undefined ? [] : [other];
  if (current !== undefined) return () => ({ current, readOnly: others });
  return () => {
    const file = readOrMakeKeyFile(DATA_DIR);
    return { current: file.current, readOnly: [...file.readOnly, ...others] };
  };
}
