import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { KeySource } from './encryption-keys.js';

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A stored secret cannot be read: another key, another place, or damaged. Says nothing of its content. */
export class SecretUnreadableError extends Error {
  constructor(place: string, cause?: unknown) {
    super(
      `The secret of ${place} cannot be decrypted: neither ENCRYPTION_KEY nor ENCRYPTION_KEY_READ_ONLY is the one it was stored with.`,
      { cause },
    );
    this.name = 'SecretUnreadableError';
  }
}

interface SealingKey {
  id: string;
  bytes: Buffer;
}

/**
 * Encrypts secrets at rest by AES-256-GCM (NIST SP 800-38D) under a key derived from `ENCRYPTION_KEY`.
 * Stored form: `v1:<key id>:<base64url of iv, tag, ciphertext>`; the key id says which of several keys it was, and whether
 * it has to be encrypted anew. The place (`sources/<id>/token`) is authenticated, so that a stored secret cannot be moved
 * to another row.
 */
export class SecretBox {
  private readonly keySource: KeySource;
  private current!: SealingKey;
  private readonly known = new Map<string, SealingKey>();

  /** @param keys one key, or where several are found */
  constructor(keys: string | KeySource) {
    this.keySource = typeof keys === 'string' ? () => ({ current: keys, readOnly: [] }) : keys;
    this.learnKeys();
  }

  /** Of the key that encrypts. */
  get keyId(): string {
    return this.current.id;
  }

  /** What everything begins with that is encrypted with the present key. */
  get prefix(): string {
    return `${FORMAT}:${this.current.id}:`;
  }

  seal(plain: string, place: string): string {
    // Never under a key that a rotation has already put aside.
    this.learnKeys();
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.bytes, iv).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${this.prefix}${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** Of all keys that decrypt. */
  get knownKeyIds(): string[] {
    return [...this.known.keys()];
  }

  /** @returns as `open`; undefined for what cannot be decrypted */
  tryOpen(sealed: string, place: string): string | undefined {
    try {
      return this.open(sealed, place);
    } catch (error) {
      if (error instanceof SecretUnreadableError) return undefined;
      throw error;
    }
  }

  /** @throws SecretUnreadableError */
  open(sealed: string, place: string): string {
    const [format, id, encoded] = sealed.split(':');
    if (format !== FORMAT || id === undefined || encoded === undefined) throw new SecretUnreadableError(place);
    // Another process may have begun a rotation: what it encrypts is met here first.
    if (!this.known.has(id)) this.learnKeys();
    const key = this.known.get(id);
    if (!key) throw new SecretUnreadableError(place);
    const bytes = Buffer.from(encoded, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw new SecretUnreadableError(place, error);
    }
  }

  /** What was known before stays known: only ever more can be read. */
  private learnKeys(): void {
    const { current, readOnly } = this.keySource();
    for (const each of readOnly) this.learn(each);
    this.current = this.learn(current);
  }

  private learn(encryptionKey: string): SealingKey {
    const bytes = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'deskwire secrets at rest', KEY_BYTES));
    const key = { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
    this.known.set(key.id, key);
    return key;
  }
}
