import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../config/validate-environment.js';
import { readOrMakeKeyFile, renewKeyFile } from './encryption-key-file.js';

describe('the file of the encryption key', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'deskwire-key-'));
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  const modeOf = (name: string): number => statSync(join(dataDir, name)).mode & 0o777;

  it('makes a key once, for its owner alone', () => {
    const keys = readOrMakeKeyFile(dataDir);
    expect(keys).toEqual({ current: expect.stringMatching(/^[\w-]{43}$/), readOnly: [] });
    expect(readOrMakeKeyFile(dataDir)).toEqual(keys);
    expect(readdirSync(dataDir)).toEqual(['encryption.key']);
    expect(modeOf('encryption.key')).toBe(0o600);
  });

  it('puts a new key in its place, and keeps the one before it beside it', () => {
    const [first, second, third] = [0, 1, 2].map((times) => {
      if (times > 0) renewKeyFile(dataDir);
      return readOrMakeKeyFile(dataDir);
    });
    expect(new Set([first, second, third].map((keys) => keys?.current)).size).toBe(3);
    expect(second?.readOnly).toEqual([first?.current]);
    expect(third?.readOnly).toEqual([second?.current]);
    expect(readdirSync(dataDir)).toEqual(['encryption.key', 'encryption.key.previous']);
    expect(modeOf('encryption.key.previous')).toBe(0o600);
  });

  it('does not encrypt under an empty key, nor replace it', () => {
    writeFileSync(join(dataDir, 'encryption.key'), '');
    expect(() => readOrMakeKeyFile(dataDir)).toThrow(EnvironmentError);
    expect(readFileSync(join(dataDir, 'encryption.key'), 'utf8')).toBe('');
  });
});
