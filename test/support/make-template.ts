import { migrate } from '../../src/database/migrate.js';
import { databaseUrl, newDatabaseName, onServer } from './template-database.js';

/** Far longer than any run of the tests. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * Makes the database that tests copy, migrated by the gateway's own code and then closed to connections, since one open
 * connection would forbid copying.
 *
 * @returns its name
 */
export async function makeTemplate(server: string): Promise<string> {
  const name = newDatabaseName('template');
  await onServer(server, async (client) => {
    await client.query(`create database ${name}`);
  });
  await migrate(databaseUrl(server, name), new Date());
  await onServer(server, (client) => client.query(`alter database ${name} with allow_connections false`));
  return name;
}

/** Removes the template; also the databases that interrupted runs left on a server that outlives them. */
export async function removeTemplate(server: string, template: string): Promise<void> {
  await onServer(server, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select datname as name from pg_database
       where datname = $1 or datname ~ '^deskwire_(test|template)_[0-9]+_[0-9a-f]+$'
         and split_part(datname, '_', 3)::bigint < $2`,
      [template, Date.now() - ABANDONED_MS],
    );
    for (const { name } of rows) await client.query(`drop database if exists ${name} with (force)`);
  });
}
