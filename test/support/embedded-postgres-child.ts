import { startEmbeddedPostgres } from '../../src/database/embedded-postgres/embedded-postgres.js';
import { errorMessage } from '../../src/database/embedded-postgres/error-message.js';
import { type ChildMessage } from './embedded-postgres-process.js';

// A gateway as far as its database goes: starts it in the directory of the first argument, and holds it.

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function tell(message: ChildMessage): void {
  process.send?.(message);
}

// Keeps the process alive as long as the test lives.
process.on('disconnect', () => process.exit());
// A gateway that drains does not end at Ctrl-C.
process.on('SIGINT', () => undefined);

startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log }).then(
  (postgres) => {
    tell({ url: postgres.url });
  },
  (error: unknown) => {
    tell({ error: error instanceof Error ? error.name : 'unknown', message: errorMessage(error) });
    process.disconnect();
  },
);
