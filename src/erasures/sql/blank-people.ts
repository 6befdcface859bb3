import type { Queryable, Statement } from '../../database/database.js';

/* By the index of what they say (change_people_value). */
const WHERE = `md5(lower(value)) = any (array(select md5(lower(said)) from unnest($1::text[]) said))
      and lower(value) = any (array(select lower(said) from unnest($1::text[]) said))`;

const COUNT_PEOPLE: Statement = { name: 'count-people', text: `select id from change_people where ${WHERE}` };
const BLANK_PEOPLE: Statement = {
  name: 'blank-people',
  text: `update change_people set value = null where ${WHERE} returning id`,
};

/**
 * Takes a person out of the record of changes, which refers to people and never changes itself.
 *
 * @param values the address and the names, without regard to case
 * @param isDryRun nothing is changed, only counted
 * @returns how often the record spoke of them
 */
export async function blankPeople(db: Queryable, values: readonly string[], isDryRun: boolean): Promise<number> {
  const rows = await db.query<{ id: string }>(isDryRun ? COUNT_PEOPLE : BLANK_PEOPLE, [values]);
  return rows.length;
}
