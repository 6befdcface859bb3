import { Logger } from '@nestjs/common';
import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { DatabaseUnavailableError, isDatabaseUnavailable } from './database-unavailable.js';
import { type PoolUse, poolUse } from './pool-use.js';
import { keepsStatementNames } from './statement-names.js';

/**
 * A statement; with a name it is prepared once a connection, where names are kept (`keepsStatementNames`); without one,
 * where its text varies, each time.
 */
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
  private readonly begin: string;
  private namesAreKept: Promise<boolean> | undefined;

  /** @param statementTimeoutMs after which the server itself gives up; for statements that may take long */
  constructor(
    url: string,
    maxConnections: number,
    private readonly statementTimeoutMs?: number,
  ) {
    this.pool = new Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'deskwire',
    });
    // Of the transaction, not of the connection: a pooler refuses it there, or forgets it.
    this.begin =
      statementTimeoutMs === undefined ? 'begin' : `begin; set local statement_timeout = ${statementTimeoutMs}`;
    // An idle connection that ends is replaced at the next query; without a listener it would end the process.
    this.pool.on('error', (error) => {
      // The server may be stopped while the last connections are being closed.
      if (!this.pool.ending) this.logger.warn(`an idle connection ended: ${error.message}`);
    });
  }

  /** @throws DatabaseUnavailableError when the server is away; pg's DatabaseError when the statement is refused */
  async query<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    if (this.statementTimeoutMs !== undefined) return this.inTransaction((db) => db.query<Row>(statement, values));
    return run<Row>(this.pool, await this.asPrepared(statement), values);
  }

  /**
   * Runs statements in one transaction; what `work` throws undoes it.
   *
   * @throws as `query`, and whatever `work` throws
   */
  transaction<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    return this.inTransaction(work);
  }

  /** How much of its connections is in use now. */
  get use(): PoolUse {
    return poolUse(this.pool);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async inTransaction<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    await this.keepsNames();
    const client = await this.pool.connect().catch(asUnavailable);
    let broken: Error | undefined;
    // A connection that ends between two statements fails the next one; without a listener it would end the process.
    const ended = (error: Error): void => {
      broken = error;
    };
    client.on('error', ended);
    try {
      await client.query(this.begin);
      const result = await work({
        query: async (statement, values) => run(client, await this.asPrepared(statement), values),
      });
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

  private async asPrepared(statement: Statement): Promise<Statement> {
    if (statement.name === undefined || (await this.keepsNames())) return statement;
    return { text: statement.text };
  }

  /** Found out once, by the first statement; a database that is away is asked again. */
  private keepsNames(): Promise<boolean> {
    this.namesAreKept ??= this.findOut().catch((error: unknown) => {
      this.namesAreKept = undefined;
      return asUnavailable(error);
    });
    return this.namesAreKept;
  }

  private async findOut(): Promise<boolean> {
    const client = await this.pool.connect();
    try {
      const areKept = await keepsStatementNames(client);
      if (!areKept)
        this.logger.warn('the pooler before the database keeps no prepared statements: each is parsed anew');
      return areKept;
    } finally {
      // Prepared under a name that may be another's: such a connection is not kept.
      client.release(true);
    }
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
