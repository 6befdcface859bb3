import type { QueryRunner } from 'typeorm';

/** Makes an index of an ordinary table without keeping writers waiting. Not for a transaction. What an interrupted run left is made anew. */
export async function indexTable(runner: QueryRunner, name: string, table: string, definition: string): Promise<void> {
  const broken = (await runner.query('select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [
    name,
  ])) as unknown[];
  if (broken.length > 0) await runner.query(`drop index concurrently ${name}`);
  await runner.query(`create index concurrently if not exists ${name} on ${table} ${definition}`);
}
