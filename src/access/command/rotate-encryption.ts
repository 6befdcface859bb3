import type { DataSource } from 'typeorm';
import type { EncryptionEnvironment } from '../../config/validate-environment.js';
import { renewKeyFile } from '../../secrets/encryption-key-file.js';
import { keySourceOf } from '../../secrets/encryption-keys.js';
import { EncryptionRotation, type RotationResult } from '../../secrets/rotation/encryption-rotation.js';
import { SecretBox } from '../../secrets/secret-box.js';

/**
 * Encrypts all secrets with the present key: with the one that the environment names, else with a new one that it makes
 * in `DATA_DIR`.
 *
 * @returns the exit code: 1 where something is left that the present key did not encrypt
 */
export async function rotateEncryptionOf(dataSource: DataSource, environment: EncryptionEnvironment): Promise<number> {
  const keys = keySourceOf(environment);
  const rotate = (): Promise<RotationResult> => new EncryptionRotation(dataSource, new SecretBox(keys)).run();
  let result = await rotate();
  // A new key makes the file forget the one before the present one: nothing may need that any more.
  if (environment.ENCRYPTION_KEY === undefined && result.left === result.unreadable.length) {
    renewKeyFile(environment.DATA_DIR);
    say(`Made a new key: encryption.key in DATA_DIR. The one before is in encryption.key.previous.`);
    result = await rotate();
  }
  say(describe(result));
  for (const place of result.unreadable) say(`${place}: no key that is known decrypts it.`);
  return result.left === 0 ? 0 : 1;
}

function describe({ renewed, present, left }: RotationResult): string {
  const done = `Encrypted ${renewed} secrets anew; ${present} are encrypted with the present key now`;
  return left === 0 ? `${done}, and none with another.` : `${done}, and ${left} are not.`;
}

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}
