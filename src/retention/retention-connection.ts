import { Client, type QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../database/database.js';
import { MIGRATION_LOCK } from '../database/migration-lock.js';

/** What a test may shorten: how long a statement may wait for one lock, and how long it may take in all. */
export interface RetentionLimits {
  lockMs: number;
  statementMs: number;
}

/** One number for all processes of one database: whoever holds it removes what is old. */
const RETENTION_LOCK = 4_815_162_343;
const CONNECT_TIMEOUT_MS = 5_000;
/** The server gives up first, and says so; one that says nothing is gone. */
const ANSWER_MARGIN_MS = 5_000;

/**
 * A connection for one round. Not of a pool: `detach … concurrently` runs outside of transactions, locks of sessions
 * must not go from hand to hand, and whatever waits here keeps nobody else waiting for a connection.
 */
export class RetentionConnection implements Queryable {
  private readonly client: Client;
  private pid: number | undefined;

  /** @param url past any transaction pooler */
  constructor(
    private readonly url: string,
    { lockMs, statementMs }: RetentionLimits,
  ) {
    this.client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      lock_timeout: lockMs,
      statement_timeout: statementMs,
      query_timeout: statementMs + ANSWER_MARGIN_MS,
      keepAlive: true,
      application_name: 'deskwire-retention',
      // The log is never read from end to end, whatever the planner believes of it: what is asked here has an index.
      options: '-c enable_seqscan=off',
    });
    // A connection that ends fails the statement that is under way, or the next one.
    this.client.on('error', () => undefined);
  }

  /** @throws when the server cannot be reached or refuses */
  async open(): Promise<void> {
    await this.client.connect();
    const [row] = await this.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' }, []);
    this.pid = row?.pid;
  }

  /** @throws pg's errors as they are */
  async query<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    return (await this.client.query<Row>({ ...statement, values })).rows;
  }

  /** @returns whether this is now the one process that removes what is old, until the connection ends */
  becomeRemover(): Promise<boolean> {
    return this.tryLock(RETENTION_LOCK);
  }

  /**
   * Does `work` while nobody else changes the schema. Never waits for that: whoever waits in the database holds a snapshot.
   *
   * @returns false when a migration is under way; nothing is done then
   */
  async whileSchemaIsOurs(work: () => Promise<void>): Promise<boolean> {
    if (!(await this.tryLock(MIGRATION_LOCK))) return false;
    try {
      await work();
    } finally {
      await this.query({ text: 'select pg_advisory_unlock($1)' }, [MIGRATION_LOCK]);
    }
    return true;
  }

  /** Ends the statement that is under way, if any: it fails. Needs a connection of its own. */
  async cancel(): Promise<void> {
    if (this.pid === undefined) return;
    const other = new Client({ connectionString: this.url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    other.on('error', () => undefined);
    try {
      await other.connect();
      await other.query('select pg_cancel_backend($1)', [this.pid]);
    } catch {
      // It ends by its own time limits.
    } finally {
      await other.end().catch(() => undefined);
    }
  }

  /** Gives back what it holds. */
  async close(): Promise<void> {
    this.pid = undefined;
    await this.client.end().catch(() => undefined);
  }

  private async tryLock(lock: number): Promise<boolean> {
    const text = 'select pg_try_advisory_lock($1) as is_ours';
    const [row] = await this.query<{ is_ours: boolean }>({ text }, [lock]);
    return row?.is_ours === true;
  }
}
