import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A stored secret cannot be read: another key, another place, or damaged. Says nothing of its content. */
export class SecretUnreadableError extends Error {
  constructor(place: string, cause?: unknown) {
    super(`The secret of ${place} cannot be decrypted: ENCRYPTION_KEY is not the one it was stored with.`, { cause });
    this.name = 'SecretUnreadableError';
  }
}

/**
 * Encrypts secrets at rest by AES-256-GCM (NIST SP 800-38D) under a key derived from `ENCRYPTION_KEY`.
 * Stored form: `v1:<key id>:<base64url of iv, tag, ciphertext>`; the key id lets keys be rotated later. The place
 * (`sources/<id>/token`) is authenticated, so that a stored secret cannot be moved to another row.
 */
export class SecretBox {
  private readonly key: Buffer;
  readonly keyId: string;

  constructor(encryptionKey: string) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'deskwire secrets at rest', KEY_BYTES));
    this.keyId = createHash('sha256').update(this.key).digest('hex').slice(0, 8);
  }

  seal(plain: string, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${FORMAT}:${this.keyId}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** @throws SecretUnreadableError */
  open(sealed: string, place: string): string {
    const [format, , encoded] = sealed.split(':');
    if (format !== FORMAT || encoded === undefined) throw new SecretUnreadableError(place);
    const bytes = Buffer.from(encoded, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw new SecretUnreadableError(place, error);
    }
  }
}
