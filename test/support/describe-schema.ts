import type { Client } from 'pg';

/** Tables without their monthly partitions and TypeORM's own. */
const TABLES = `
  select c.oid, c.relname as name, case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations'
  order by c.relname`;

const COLUMNS = `
  select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || case when a.attnotnull then ' not null' else '' end
         || case when a.attidentity <> '' then ' generated always as identity' else '' end
         || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

const CONSTRAINTS = `
  select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as line
  from pg_constraint where conrelid = $1 and contype <> 'n' order by conname`;

const INDEXES = `
  select pg_get_indexdef(indexrelid) || ';' as line
  from pg_index i
  where indrelid = $1 and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
  order by 1`;

/** @returns the schema as text, for people to read and for the tests to compare; not meant to be run */
export async function describeSchema(client: Client): Promise<string> {
  const { rows: tables } = await client.query<{ oid: number; name: string; partition_key: string | null }>(TABLES);
  const parts = ['-- The schema as the migrations make it; partitions by month are left out. Compared by a test.'];
  for (const table of tables) {
    const lines = async (sql: string): Promise<string[]> =>
      (await client.query<{ line: string }>(sql, [table.oid])).rows.map((row) => row.line);
    const inside = [...(await lines(COLUMNS)), ...(await lines(CONSTRAINTS))].map((line) => `  ${line}`).join(',\n');
    const partitioned = table.partition_key === null ? '' : ` partition by ${table.partition_key}`;
    parts.push([`create table ${table.name} (\n${inside}\n)${partitioned};`, ...(await lines(INDEXES))].join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}
