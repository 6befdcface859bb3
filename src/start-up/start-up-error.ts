import { EnvironmentError } from '../config/validate-environment.js';
import { describeDatabaseError } from '../database/describe-database-error.js';
import { EmbeddedPostgresError } from '../database/embedded-postgres/errors.js';
import { SecretUnreadableError } from '../secrets/secret-box.js';
import { errorCode } from '../database/error-code.js';

/**
 * @returns what keeps the gateway from starting: in words where the operator can mend it, else with the stack. Never a
 * secret: neither the database's URL nor any value of the environment.
 */
export function describeStartUpError(error: unknown): string {
  const isOurs = [EnvironmentError, EmbeddedPostgresError, SecretUnreadableError].some(
    (known) => error instanceof known,
  );
  if (isOurs) return (error as Error).message;
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE') return 'PORT: another program listens there already; choose another port.';
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `HOST, PORT: this address cannot be listened on (${code}).`;
  return describeDatabaseError(error) ?? (error instanceof Error ? (error.stack ?? message) : message);
}
