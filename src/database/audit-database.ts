import type { QueryResultRow } from 'pg';
import type { Clock } from '../clock/clock.js';
import { Database, type Queryable, type Statement } from './database.js';
import { DatabaseUnavailableError } from './database-unavailable.js';
import { errorCode } from './error-code.js';
import type { PoolUse } from './pool-use.js';
import { questionTooCostly, wasGivenUp } from './question-too-costly.js';
import { Replica, type ReplicaStatus } from './replica.js';

/** Few, so that questions about the log never take the connections by which webhooks are stored. */
const AUDIT_CONNECTIONS = 4;
/** The server ends a question that takes longer, rather than going on for nobody. */
const AUDIT_STATEMENT_TIMEOUT_MS = 14_000;

/**
 * What a replica says to a statement that is in the way of what it has to replay, e.g. of a month that is dropped; and to
 * one about a table, column or function that a migration has made and that it has not replayed yet.
 */
const ASK_THE_PRIMARY: readonly unknown[] = ['40001', '40P01', '42P01', '42703', '42883'];

/** Where a replica is, and how far behind it may be. */
export interface ReplicaOptions {
  url: string;
  mostLagSeconds: number;
  clock: Clock;
}

/** The connections of auditors' questions: to the replica while there is one that is level, else to the primary. */
export class AuditDatabase extends Database {
  /** For what must not be behind. */
  readonly primary: Queryable;
  private readonly replica: Replica | undefined;

  constructor(url: string, replica?: ReplicaOptions) {
    super(url, AUDIT_CONNECTIONS, AUDIT_STATEMENT_TIMEOUT_MS);
    this.primary = { query: (statement, values) => this.timed(() => super.query(statement, values)) };
    if (replica) {
      const database = new Database(replica.url, AUDIT_CONNECTIONS, AUDIT_STATEMENT_TIMEOUT_MS);
      this.replica = new Replica(database, this.primary, replica.clock, replica.mostLagSeconds);
    }
  }

  /** Begins to use the replica, if there is one. */
  async start(): Promise<void> {
    await this.replica?.start();
  }

  override async close(): Promise<void> {
    await this.replica?.stop();
    await super.close();
  }

  /** Of the connections to the replica; undefined where there is none. */
  get replicaUse(): PoolUse | undefined {
    return this.replica?.database.use;
  }

  /** Undefined where there is no replica. */
  get replicaStatus(): ReplicaStatus | undefined {
    return this.replica?.current;
  }

  /** @throws as `Database` does; Problem 400 `question_too_costly` */
  override query<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    return this.read(
      (replica) => replica.query<Row>(statement, values),
      () => super.query<Row>(statement, values),
    );
  }

  /** @throws as `query`, and whatever `work` throws; `work` may be done twice */
  override transaction<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    return this.read(
      (replica) => replica.transaction(work),
      () => super.transaction(work),
    );
  }

  /** What the replica cannot answer, though it may be asked in a moment, the primary does. */
  private read<Result>(
    ofReplica: (replica: Database) => Promise<Result>,
    ofPrimary: () => Promise<Result>,
  ): Promise<Result> {
    return this.timed(async () => {
      if (this.replica?.isUsable !== true) return ofPrimary();
      try {
        return await ofReplica(this.replica.database);
      } catch (error) {
        if (ASK_THE_PRIMARY.includes(errorCode(error))) return ofPrimary();
        if (!(error instanceof DatabaseUnavailableError) || wasGivenUp(error)) throw error;
        this.replica.failed(error);
        return ofPrimary();
      }
    });
  }

  /** The database is not away when it has been told to give up. */
  private async timed<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw wasGivenUp(error) ? questionTooCostly(error) : error;
    }
  }
}
