import { Client } from 'pg';
import { GATEWAY_DATABASE, GATEWAY_ROLE, SUPERUSER } from './postgres-settings.js';

const CONNECT_LIMIT_MS = 10_000;

/** @returns the gateway's own URL on the embedded server */
export function databaseUrl(port: number, password: string): string {
  return urlFor(GATEWAY_ROLE, password, port, GATEWAY_DATABASE);
}

/**
 * Makes the gateway's role and database where they are not there, and gives the role its password.
 *
 * @param password of the superuser, and from now on of the role
 * @throws pg's errors
 */
export async function prepareDatabase(port: number, password: string): Promise<void> {
  await connected(urlFor(SUPERUSER, password, port, 'postgres'), (client) => makeDatabase(client, password));
}

/**
 * Proves that the gateway can log in.
 *
 * @throws pg's errors
 */
export async function checkDatabase(port: number, password: string): Promise<void> {
  await connected(databaseUrl(port, password), (client) => client.query('select'));
}

async function makeDatabase(client: Client, password: string): Promise<void> {
  const role = await client.query('select from pg_roles where rolname = $1', [GATEWAY_ROLE]);
  const verb = role.rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${GATEWAY_ROLE} login createdb password ${client.escapeLiteral(password)}`);
  const database = await client.query('select from pg_database where datname = $1', [GATEWAY_DATABASE]);
  if (database.rowCount === 0) await client.query(`create database ${GATEWAY_DATABASE} owner ${GATEWAY_ROLE}`);
}

async function connected(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  // A connection lost in mid-query is told twice: by the query, which rejects, and by this event, which must be heard.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlFor(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}
