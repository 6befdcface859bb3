/** Why the embedded database cannot be had, in words for the operator, who can mend it: no stack is needed. */
export abstract class EmbeddedPostgresError extends Error {}

/** There is no embedded PostgreSQL for this operating system and processor, or its programs do not run here. */
export class UnsupportedPlatformError extends EmbeddedPostgresError {
  constructor(reason: string, cause?: unknown) {
    super(`${reason} Set DATABASE_URL to use a PostgreSQL server of your own.`, { cause });
    this.name = 'UnsupportedPlatformError';
  }
}

/** Started as root, but there is no unprivileged account for the server, which refuses to run as root. */
export class NoServerAccountError extends EmbeddedPostgresError {
  constructor(candidates: readonly string[]) {
    super(`PostgreSQL does not run as root, and none of the users ${candidates.join(', ')} exists to run it as.`);
    this.name = 'NoServerAccountError';
  }
}

/** The database files cannot be reached by the account that must own them, or are gone. */
export class ClusterUnreachableError extends EmbeddedPostgresError {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ClusterUnreachableError';
  }
}

/** The file that holds the port and password of the embedded server cannot be understood. */
export class ClusterRecordError extends EmbeddedPostgresError {
  constructor(file: string, cause?: unknown) {
    super(`${file} is damaged. Restore it, or delete it: its password is then made anew.`, { cause });
    this.name = 'ClusterRecordError';
  }
}

/** The server, or a program that prepares it, ended instead of doing its work; the message ends with what it said. */
export class PostgresStartError extends EmbeddedPostgresError {
  constructor(
    what: string,
    readonly output: string,
  ) {
    super(`${what}${output.trim() === '' ? '.' : `:\n${output.trim()}`}`);
    this.name = 'PostgresStartError';
  }
}
