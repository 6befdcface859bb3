import type { EntityManager } from 'typeorm';
import type { User } from '../../http/problem.js';

const FIND_KEYS_OF_SOURCE = `
  select id, name
  from api_keys
  where source_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
  order by id`;

/** @returns the API keys that post for a source and are valid now */
export async function findKeysOfSource(db: Pick<EntityManager, 'query'>, sourceId: string, now: Date): Promise<User[]> {
  const rows: { id: string; name: string }[] = await db.query(FIND_KEYS_OF_SOURCE, [sourceId, now]);
  return rows.map((row) => ({ kind: 'api_key', ...row }));
}
