import type { EntityManager } from 'typeorm';
import type { User } from '../../http/problem.js';

const FIND_HOOKS_OF_SOURCE = `
  select id, event as name
  from source_subscriptions
  where source_id = $1
  order by id`;

/** @returns the hooks of a source that its helpdesk has registered, each under the helpdesk's name of its event */
export async function findHooksOfSource(db: Pick<EntityManager, 'query'>, sourceId: string): Promise<User[]> {
  const rows: { id: string; name: string }[] = await db.query(FIND_HOOKS_OF_SOURCE, [sourceId]);
  return rows.map((row) => ({ kind: 'subscription', ...row }));
}
