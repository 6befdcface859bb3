import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../config/validate-environment.js';
import { readOrMakeEncryptionKey } from './encryption-key-file.js';

describe('readOrMakeEncryptionKey', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'deskwire-key-'));
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('makes a key once, for its owner alone', () => {
    const key = readOrMakeEncryptionKey(dataDir);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(readOrMakeEncryptionKey(dataDir)).toBe(key);
    expect(readdirSync(dataDir)).toEqual(['encryption.key']);
    expect(statSync(join(dataDir, 'encryption.key')).mode & 0o777).toBe(0o600);
  });

  it('does not encrypt under an empty key, nor replace it', () => {
    writeFileSync(join(dataDir, 'encryption.key'), '');
    expect(() => readOrMakeEncryptionKey(dataDir)).toThrow(EnvironmentError);
    expect(readFileSync(join(dataDir, 'encryption.key'), 'utf8')).toBe('');
  });
});
