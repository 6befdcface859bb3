import { Problem } from '../http/problem.js';

/** As the draft has it: a structured-field string, or the bare word that most clients send. */
const KEY = /^[\x21-\x7e][\x20-\x7e]{0,254}$/;

/**
 * Reads `Idempotency-Key` (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header).
 *
 * @throws Problem 400 `invalid_idempotency_key`
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || KEY.test(header)) return header;
  throw new Problem(400, 'invalid_idempotency_key', 'Idempotency-Key: must be 1 to 255 visible ASCII characters.');
}
