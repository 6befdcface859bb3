import type { EntityManager } from 'typeorm';
import type { Reservation } from './reserve-idempotency-key.js';

const RELEASE = `
  delete from idempotency_keys
  where key_id = $1 and key = $2 and answer is null`;

/** Of a request that failed: it may be made again. */
export async function releaseIdempotencyKey(
  db: Pick<EntityManager, 'query'>,
  { keyId, key }: Reservation,
): Promise<void> {
  await db.query(RELEASE, [keyId, key]);
}
