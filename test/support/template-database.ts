import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { errorCode } from '../../src/database/error-code.js';
import { logWatch } from './log-watch.js';

/** A database of a test's own, with the schema as the migrations leave it. */
export interface TestDatabase {
  url: string;
  /** Ends all connections to it and removes it. */
  drop(): Promise<void>;
}

/** How the test files, which run in processes of their own, learn what the global set-up made. */
export const SERVER_VARIABLE = 'DESKWIRE_TEST_SERVER_URL';
export const TEMPLATE_VARIABLE = 'DESKWIRE_TEST_TEMPLATE';

/** object_in_use: "source database is being accessed by other users", as when two copy it at once. */
const OBJECT_IN_USE = '55006';
const RETRY_MS = 25;
const RETRY_LIMIT_MS = 10_000;

/**
 * Copies the template database; some 40 ms in memory, by files: block by block through the log, which is the default, took four times
 * as long once partitions had all their indexes (measured). Safe from several processes at once.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = required(SERVER_VARIABLE);
  const name = newDatabaseName('test');
  const template = escapeIdentifier(required(TEMPLATE_VARIABLE));
  logWatch.keep(new URL(server).password);
  await onServer(server, (client) =>
    createWhenFree(client, `create database ${name} template ${template} strategy file_copy`),
  );
  return {
    url: databaseUrl(server, name),
    drop: () => onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

/** A database without a schema, as an operator makes it before the first start. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = required(SERVER_VARIABLE);
  const name = newDatabaseName('test');
  await onServer(server, (client) => client.query(`create database ${name}`));
  return {
    url: databaseUrl(server, name),
    drop: () => onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

/** @returns a name that tells when it was made, so that what interrupted runs left can be found; needs no quoting */
export function newDatabaseName(purpose: 'test' | 'template'): string {
  return `deskwire_${purpose}_${Date.now()}_${randomBytes(6).toString('hex')}`;
}

/** Runs statements on the server's own database. */
export async function onServer(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** @returns the URL of another database on the same server */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function createWhenFree(client: Client, statement: string): Promise<void> {
  const until = performance.now() + RETRY_LIMIT_MS;
  for (;;) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      if (errorCode(error) !== OBJECT_IN_USE || performance.now() > until) throw error;
      await sleep(RETRY_MS);
    }
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: the tests run under Jest's global set-up.`);
  return value;
}
