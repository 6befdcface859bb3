import type { EntityManager } from 'typeorm';

/* A few a request: they never gather, and nobody waits long. Those that somebody is using are left. */
const FORGET = `
  delete from idempotency_keys
  where (key_id, key) in (
    select key_id, key
    from idempotency_keys
    where expires_at <= $1
    order by expires_at
    limit 100
    for update skip locked)`;

export async function forgetIdempotencyKeys(db: Pick<EntityManager, 'query'>, now: Date): Promise<void> {
  await db.query(FORGET, [now]);
}
