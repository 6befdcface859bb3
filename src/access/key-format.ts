import { hashToken, newToken } from '../secrets/secret-token.js';

/** What every key of ours begins with, so that people and secret scanners know it. */
const KEY_PREFIX = 'dw_';
/** Beyond it nothing is hashed: whoever sends more has no key of ours. `ADMIN_API_KEY` may be as long. */
const LONGEST_KEY = 1_000;

/** @returns a new unguessable key */
export function newKey(): string {
  return KEY_PREFIX + newToken();
}

/** @returns the hash under which a key is stored and looked up; undefined for what cannot be a key of ours */
export function hashKey(presented: string): Buffer | undefined {
  return presented.startsWith(KEY_PREFIX) && presented.length <= LONGEST_KEY ? hashToken(presented) : undefined;
}
