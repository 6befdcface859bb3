import { Logger } from '@nestjs/common';
import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { DatabaseUnavailableError, isDatabaseUnavailable } from './database-unavailable.js';
import { type PoolUse, poolUse } from './pool-use.js';

/** A statement; with a name it is prepared once a connection, without one (where its text varies) each time. */
export interface Statement {
  name?: string;
  text: string;
}

/** What runs statements: the database, or a transaction of it. */
export type Queryable = Pick<Database, 'query'>;

/** Longer than any statement of the hot path takes; a server that does not answer counts as away. */
const STATEMENT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The connections of the hot paths: intake writes, the dispatcher reads and writes, by prepared SQL. What admins
 * manage goes through TypeORM, which has connections of its own.
 */
export class Database {
  private readonly logger = new Logger('database');
  private readonly pool: Pool;

  /** @param statementTimeoutMs after which the server itself gives up; for statements that may take long */
  constructor(url: string, maxConnections: number, statementTimeoutMs?: number) {
    this.pool = new Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
      application_name: 'deskwire',
    });
    // An idle connection that ends is replaced at the next query; without a listener it would end the process.
    this.pool.on('error', (error) => {
      // The server may be stopped while the last connections are being closed.
      if (!this.pool.ending) this.logger.warn(`an idle connection ended: ${error.message}`);
    });
  }

  /** @throws DatabaseUnavailableError when the server is away; pg's DatabaseError when the statement is refused */
  query<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    return run<Row>(this.pool, statement, values);
  }

  /**
   * Runs statements in one transaction; what `work` throws undoes it.
   *
   * @throws as `query`, and whatever `work` throws
   */
  async transaction<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect().catch(asUnavailable);
    let broken: Error | undefined;
    // A connection that ends between two statements fails the next one; without a listener it would end the process.
    const ended = (error: Error): void => {
      broken = error;
    };
    client.on('error', ended);
    try {
      await client.query('begin');
      const result = await work({ query: (statement, values) => run(client, statement, values) });
      await client.query('commit');
      return result;
    } catch (error) {
      // A connection that cannot undo is not used again.
      await client.query('rollback').catch((failure: unknown) => (broken = failure as Error));
      return asUnavailable(error);
    } finally {
      client.removeListener('error', ended);
      client.release(broken);
    }
  }

  /** How much of its connections is in use now. */
  get use(): PoolUse {
    return poolUse(this.pool);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

async function run<Row extends QueryResultRow>(
  target: Pool | PoolClient,
  statement: Statement,
  values: unknown[],
): Promise<Row[]> {
  try {
    return (await target.query<Row>({ ...statement, values })).rows;
  } catch (error) {
    return asUnavailable(error);
  }
}

/** @throws DatabaseUnavailableError where that is what the error says, else the error itself */
function asUnavailable(error: unknown): never {
  if (isDatabaseUnavailable(error)) throw new DatabaseUnavailableError(error);
  throw error;
}
