import type { PoolClient } from 'pg';
import { errorCode } from './error-code.js';

const PROBE = {
  name: 'deskwire-probe',
  text: `
    select pg_backend_pid() as pid,
           exists (
             select from pg_prepared_statements where name <> 'deskwire-probe' and statement like '%deskwire-probe%'
           ) as is_renamed`,
};

/** duplicate_prepared_statement, invalid_sql_statement_name: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const NAMES_OF_OTHERS: readonly unknown[] = ['42P05', '26000'];

/**
 * Whether the names of prepared statements mean on this connection what we called so. Straight to the server they do: it
 * then has the process id that the connection was told at its beginning. A pooler in transaction mode hands every
 * transaction to whichever server connection is free; it either gives each statement a name of its own there (PgBouncer
 * from 1.21 on, https://www.pgbouncer.org/config.html#max_prepared_statements), or a name may be unknown, or stand for
 * what another process, perhaps of another version, called so.
 *
 * @throws pg's errors as they are
 */
export async function keepsStatementNames(client: PoolClient): Promise<boolean> {
  try {
    const { rows } = await client.query<{ pid: number; is_renamed: boolean }>(PROBE);
    // pg keeps it for cancelling; its types do not tell.
    const { processID } = client as unknown as { processID: number | null };
    return rows[0]?.is_renamed === true || rows[0]?.pid === processID;
  } catch (error) {
    if (NAMES_OF_OTHERS.includes(errorCode(error))) return false;
    throw error;
  }
}
