import type { EntityManager } from 'typeorm';

/** Tells these locks from others of two numbers; the second one is the source's. */
const LOCK = 481_516_234;

const TRY_SUBSCRIPTION_LOCK = 'select pg_try_advisory_xact_lock($1, hashtext($2)) as is_ours';

/** @returns whether this transaction alone, until it ends, changes what is registered at a source's helpdesk */
export async function trySubscriptionLock(db: Pick<EntityManager, 'query'>, sourceId: string): Promise<boolean> {
  const rows: { is_ours: boolean }[] = await db.query(TRY_SUBSCRIPTION_LOCK, [LOCK, sourceId]);
  return rows[0]?.is_ours === true;
}
