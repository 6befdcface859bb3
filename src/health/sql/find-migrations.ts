import type { Queryable, Statement } from '../../database/database.js';

const FIND_MIGRATIONS: Statement = {
  name: 'find-migrations',
  text: `
    select name
    from migrations
    where name = any ($1::text[])`,
};

/** @returns those of the names whose migrations the schema has seen */
export async function findMigrations(db: Queryable, names: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ name: string }>(FIND_MIGRATIONS, [names]);
  return new Set(rows.map(({ name }) => name));
}
