import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { migrate, revertLatest } from '../../src/database/migrate.js';
import { partitionBounds } from '../../src/database/partitions.js';
import { IndexLog1796100000000 } from '../../migrations/1796100000000-index-log.js';
import { migrations } from '../../migrations/index.js';
import { describeSchema } from '../support/describe-schema.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';

describe('migrations', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  it('make the schema that docs/schema.sql shows', async () => {
    const file = join(__dirname, '../../docs/schema.sql');
    const schema = await describeSchema(client);
    // After a new migration: UPDATE_SCHEMA=1 npm test -- migrations, and look at the difference.
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(file, schema);
    expect(schema).toBe(readFileSync(file, 'utf8'));
  });

  it('go down and up again, and leave the same schema', async () => {
    const before = await describeSchema(client);
    for (const _migration of migrations) await revertLatest(database.url);
    const { rows } = await client.query(
      "select relname from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public' and relkind in ('r', 'p', 'S') and relname not like 'migrations%'",
    );
    expect(rows).toEqual([]);
    await migrate(database.url, new Date());
    expect(await describeSchema(client)).toBe(before);
  });

  it('let several processes start at once', async () => {
    for (const _migration of migrations) await revertLatest(database.url);
    const now = new Date();
    const done = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, now)));
    expect(done.filter((names) => names.length > 0)).toEqual([migrations.map((migration) => migration.name)]);
  });

  it('go on with the indexes where a partition was made like its table meanwhile', async () => {
    const before = await describeSchema(client);
    const sinceIndexes = migrations.length - migrations.indexOf(IndexLog1796100000000);
    for (let count = 0; count < sinceIndexes; count += 1) await revertLatest(database.url);
    // As the version before does, between an interrupted run and the next.
    await client.query(`
      create index deliveries_type on only deliveries (type, id);
      create table deliveries_2031_01 (like deliveries including all);
      alter table deliveries attach partition deliveries_2031_01 for values ${partitionBounds(new Date('2031-01-01'))}`);
    await migrate(database.url, new Date());
    await client.query('drop table deliveries_2031_01');
    expect(await describeSchema(client)).toBe(before);
  });

  it('wait for whoever reads the log for long, and keep nobody else waiting meanwhile', async () => {
    await client.query('begin');
    await client.query('select from deliveries');
    let isDone = false;
    const reverting = revertLatest(database.url).then(() => (isDone = true));
    const other = new Client({ connectionString: database.url });
    await other.connect();
    try {
      // Longer than the migration asks for the lock, and then again.
      const until = Date.now() + 1_200;
      let longest = 0;
      while (Date.now() < until) {
        const began = Date.now();
        await other.query('update deliveries set content = content where false');
        longest = Math.max(longest, Date.now() - began);
        await sleep(20);
      }
      expect(isDone).toBe(false);
      expect(longest).toBeLessThan(1_000);
    } finally {
      await client.query('rollback');
      await other.end();
      await reverting;
    }
    expect(await describeSchema(client)).not.toContain('traceparent');
  });

  it('make partitions from last month to three months ahead, and no default one', async () => {
    await migrate(database.url, new Date('2031-12-15T00:00:00Z'));
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'deliveries'::regclass and c.relname >= 'deliveries_2031' order by 1`,
    );
    expect(rows.map((row) => row.name)).toEqual([
      'deliveries_2031_11',
      'deliveries_2031_12',
      'deliveries_2032_01',
      'deliveries_2032_02',
      'deliveries_2032_03',
    ]);
    const late = client.query(
      `insert into attempts (id, delivery_id, number, started_at)
       values ('00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000000', 1, now())`,
    );
    await expect(late).rejects.toThrow(/no partition/);
  });
});
