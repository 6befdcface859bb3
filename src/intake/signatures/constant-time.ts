import { createHash, timingSafeEqual } from 'node:crypto';

/** @returns whether two signatures are equal; how long one is, is no secret */
export function isSameSignature(sent: string, expected: string): boolean {
  const [left, right] = [Buffer.from(sent), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** @returns whether two secrets are equal; hashed first, so that the time does not tell how long ours is either */
export function isSameSecret(sent: string, expected: string): boolean {
  return timingSafeEqual(hash(sent), hash(expected));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
