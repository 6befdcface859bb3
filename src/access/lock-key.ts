import { type EntityManager, IsNull } from 'typeorm';
import { notFound, Problem } from '../http/problem.js';
import { ApiKey } from './api-key.entity.js';

/** A key that is about to be changed, locked. */
export interface LockedKey {
  row: ApiKey;
  /** The other admin keys that are not revoked, locked as well, if it is an admin's. */
  otherAdmins: readonly ApiKey[];
}

/**
 * Locks a key; of an admin's, all admin keys with it, in the order of their ids: two requests at once would otherwise
 * each find the other's key, and revoke the last two. Readers, and the record of changes that refers to keys, do not wait
 * for the lock.
 *
 * @throws Problem 404
 */
export async function lockKey(manager: EntityManager, id: string): Promise<LockedKey> {
  // What it is for never changes, so that it may be asked before.
  const known = await manager.findOneBy(ApiKey, { id });
  if (!known) throw notFound('API key');
  const rows = await manager.find(ApiKey, {
    where: known.role === 'admin' ? [{ id }, { role: 'admin', revokedAt: IsNull() }] : { id },
    order: { id: 'asc' },
    lock: { mode: 'for_no_key_update' },
  });
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw notFound('API key');
  return { row, otherAdmins: rows.filter((candidate) => candidate !== row) };
}

/**
 * Keeps somebody in: from `at` on, when the key will not be valid any more, another admin key must be.
 *
 * @throws Problem 409 `last_admin_key`
 */
export function refuseLastAdminKey({ row, otherAdmins }: LockedKey, at: Date): void {
  if (row.role !== 'admin' || otherAdmins.some(({ expiresAt }) => expiresAt === null || expiresAt > at)) return;
  throw new Problem(
    409,
    'last_admin_key',
    'This is the last admin key that is valid, or would be by then: make another one first.',
  );
}
