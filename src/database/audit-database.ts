import { Database } from './database.js';

/** Few, so that questions about the log never take the connections by which webhooks are stored. */
const AUDIT_CONNECTIONS = 4;
/** The server ends a question that takes longer, rather than going on for nobody. */
const AUDIT_STATEMENT_TIMEOUT_MS = 14_000;

/** The connections of auditors' questions. */
export class AuditDatabase extends Database {
  constructor(url: string) {
    super(url, AUDIT_CONNECTIONS, AUDIT_STATEMENT_TIMEOUT_MS);
  }
}
