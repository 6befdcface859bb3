import type { EntityManager } from 'typeorm';

/** A request that is to be done once. */
export interface Reservation {
  keyId: string;
  key: string;
  fingerprint: Buffer;
  expiresAt: Date;
}

/** What was once answered to an equal key. */
export interface EarlierAnswer {
  fingerprint: Buffer;
  answer: unknown;
}

/* Whoever comes while the first one is under way waits for its commit: the key is there then, or free again. */
const RESERVE = `
  insert into idempotency_keys as known (key_id, key, fingerprint, expires_at)
  values ($1, $2, $3, $4)
  on conflict (key_id, key) do update
  set fingerprint = excluded.fingerprint, expires_at = excluded.expires_at, answer = null
  where known.expires_at <= $5
  returning true`;

const FIND = `
  select fingerprint, answer
  from idempotency_keys
  where key_id = $1 and key = $2`;

/** @returns null where the key is new, or so old that it is forgotten: it is the caller's from now on */
export async function reserveIdempotencyKey(
  db: Pick<EntityManager, 'query'>,
  { keyId, key, fingerprint, expiresAt }: Reservation,
  now: Date,
): Promise<EarlierAnswer | null> {
  const reserved: unknown[] = await db.query(RESERVE, [keyId, key, fingerprint, expiresAt, now]);
  if (reserved.length > 0) return null;
  const [earlier]: EarlierAnswer[] = await db.query(FIND, [keyId, key]);
  if (!earlier) throw new Error('An idempotency key is taken, and is not there.');
  return earlier;
}
