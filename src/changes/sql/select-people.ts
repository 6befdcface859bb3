import type { Queryable, Statement } from '../../database/database.js';

const SELECT_PEOPLE: Statement = {
  name: 'select-people',
  text: 'select id, value from change_people where id = any ($1::uuid[])',
};

/** @returns what references stand for; null for what was erased */
export async function selectPeople(db: Queryable, ids: readonly string[]): Promise<Map<string, string | null>> {
  const rows = await db.query<{ id: string; value: string | null }>(SELECT_PEOPLE, [ids]);
  return new Map(rows.map(({ id, value }) => [id, value]));
}
