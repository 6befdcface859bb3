import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Where a millisecond's sequence begins: in the lower half of 32 bits, so that it has room to grow. */
const FIRST_SEQUENCE_BELOW = 0x7fff_ffff;

let lastMsecs = -1;
let sequence = 0;

/**
 * @param at the time that the id begins with, by the `Clock`
 * @returns a UUIDv7 (RFC 9562, 5.7) that sorts after all others of this process with the same millisecond: lists by id
 * then show what happened within it in order
 */
export function newId(at: Date): string {
  const msecs = at.getTime();
  sequence = msecs === lastMsecs ? sequence + 1 : randomInt(FIRST_SEQUENCE_BELOW);
  lastMsecs = msecs;
  return uuidv7({ msecs, seq: sequence });
}
