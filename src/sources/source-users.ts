import type { EntityManager } from 'typeorm';
import { inUse, Problem } from '../http/problem.js';
import type { Source } from './source.entity.js';
import { findHooksOfSource } from './sql/find-hooks-of-source.js';
import { findKeysOfSource } from './sql/find-keys-of-source.js';
import { findRoutesByName } from './sql/find-routes-by-name.js';
import { findRoutesToSource } from './sql/find-routes-to-source.js';
import { trySubscriptionLock } from './sql/try-subscription-lock.js';

/**
 * @throws Problem 409 `in_use` while routes wait for the source, keys post for it, or its helpdesk calls its hook; `busy`
 *   while its hook is being registered there or removed
 */
export async function refuseUsed(manager: EntityManager, source: Source, now: Date): Promise<void> {
  if (!(await trySubscriptionLock(manager, source.id))) {
    throw new Problem(409, 'busy', 'Subscriptions of this source are being changed: try again when that is done.');
  }
  const users = [
    ...(await findRoutesToSource(manager, source)),
    ...(await findKeysOfSource(manager, source.id, now)),
    ...(await findHooksOfSource(manager, source.id)),
  ];
  if (users.length > 0) throw inUse('source', users);
}

/** @throws Problem 409 `in_use` while routes name the source by the name that it is to lose: they would match no more */
export async function refuseNamed(manager: EntityManager, { name }: Source, newName: string): Promise<void> {
  const usedBy = await findRoutesByName(manager, name, newName);
  if (usedBy.length === 0) return;
  const names = usedBy.map((route) => `"${route.name}"`).join(', ');
  const detail =
    `Routes name this source by its name, which another would leave unmatched: ${names}. ` +
    'Let them match source.id, or both names, first.';
  throw new Problem(409, 'in_use', detail, { usedBy });
}
