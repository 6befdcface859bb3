import type { Queryable, Statement } from '../../database/database.js';

/** As long as an auditor's question may take. */
const STATEMENT_TIMEOUT = '14s';

const LIMIT_STATEMENTS: Statement = {
  name: 'limit-statements',
  text: `select set_config('statement_timeout', $1, true)`,
};

/** From now on no statement of the transaction goes on for longer. */
export async function limitStatements(db: Queryable): Promise<void> {
  await db.query(LIMIT_STATEMENTS, [STATEMENT_TIMEOUT]);
}
