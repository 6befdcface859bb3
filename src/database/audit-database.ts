import type { QueryResultRow } from 'pg';
import { Database, type Statement } from './database.js';

/** Few, so that questions about the log never take the connections by which webhooks are stored. */
const AUDIT_CONNECTIONS = 4;
/** The server ends a question that takes longer, rather than going on for nobody. */
const AUDIT_STATEMENT_TIMEOUT_MS = 14_000;

/** The connections of auditors' questions. */
export class AuditDatabase extends Database {
  constructor(url: string) {
    super(url, AUDIT_CONNECTIONS, AUDIT_STATEMENT_TIMEOUT_MS);
  }

  /**
   * Reads rows in the order of an index, with the planner kept from reading all that fits and sorting it: it guesses far
   * too few rows where a column and an id are compared as a pair.
   *
   * @throws as `query`
   */
  inOrder<Row extends QueryResultRow>({
    statement,
    values,
  }: {
    statement: Statement;
    values: unknown[];
  }): Promise<Row[]> {
    return this.transaction(async (db) => {
      await db.query({ text: 'set local enable_sort = off' }, []);
      return db.query<Row>(statement, values);
    });
  }
}
