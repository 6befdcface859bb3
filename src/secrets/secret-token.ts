import { hash, randomBytes } from 'node:crypto';

/** 32 random bytes: not guessable, so a plain hash protects it at rest. */
const TOKEN_BYTES = 32;

/** @returns a new unguessable token, safe in URLs. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/**
 * @returns the SHA-256 of a token, under which it is stored and looked up. Equality is decided on hashes, so the time
 * a look-up takes says nothing of the token.
 */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
