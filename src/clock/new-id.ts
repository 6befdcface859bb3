import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Where a millisecond's sequence begins: in the lower half of 32 bits, so that it has room to grow. */
const FIRST_SEQUENCE_MASK = 0x7fff_ffff;
const ID_BYTES = 16;
/** Random bytes are fetched for so many ids at once: one by one they were a fifteenth of what a webhook costs (measured). */
const IDS_AHEAD = 256;

const randomAhead = new Uint8Array(ID_BYTES * IDS_AHEAD);
let used = randomAhead.length;
/** Of the id that is being made. */
const random = new Uint8Array(ID_BYTES);
let lastMsecs = -1;
let sequence = 0;

/**
 * @param at the time that the id begins with, by the `Clock`
 * @returns a UUIDv7 (RFC 9562, 5.7) that sorts after all others of this process with the same millisecond: lists by id
 * then show what happened within it in order
 */
export function newId(at: Date): string {
  const msecs = at.getTime();
  drawRandom();
  sequence = msecs === lastMsecs ? sequence + 1 : firstSequence();
  lastMsecs = msecs;
  return uuidv7({ msecs, seq: sequence, random });
}

function drawRandom(): void {
  if (used === randomAhead.length) {
    randomFillSync(randomAhead);
    used = 0;
  }
  for (let index = 0; index < ID_BYTES; index += 1) random[index] = randomAhead[used + index] as number;
  used += ID_BYTES;
}

/** By bytes that the id itself has no use for: of a UUIDv7 with a sequence, the last six alone are random. */
function firstSequence(): number {
  const [a = 0, b = 0, c = 0, d = 0] = random;
  return ((a << 24) | (b << 16) | (c << 8) | d) & FIRST_SEQUENCE_MASK;
}
