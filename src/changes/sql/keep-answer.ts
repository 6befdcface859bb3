import type { EntityManager } from 'typeorm';
import type { Reservation } from './reserve-idempotency-key.js';

const KEEP_ANSWER = `
  update idempotency_keys
  set answer = $3::jsonb, expires_at = $4
  where key_id = $1 and key = $2`;

/** @param answer without its secrets */
export async function keepAnswer(
  db: Pick<EntityManager, 'query'>,
  { keyId, key, expiresAt }: Reservation,
  answer: unknown,
): Promise<void> {
  await db.query(KEEP_ANSWER, [keyId, key, JSON.stringify(answer ?? null), expiresAt]);
}
