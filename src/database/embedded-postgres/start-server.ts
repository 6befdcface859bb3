import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresStartError } from './errors.js';
import { findFreePort } from './free-port.js';
import { Postmaster, type ServerPlan } from './postmaster.js';

/** A killed server's children end within a second or two; a session in a long computation may take longer. */
const LOCK_LIMIT_MS = 15_000;
const LOCK_PAUSE_MS = 100;

/** The server's own words, in PostgreSQL's src/backend: utils/init/miscinit.c and libpq/pqcomm.c. */
const STILL_LOCKED = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;
const PORT_TAKEN = /could not bind IPv4 address|could not create any TCP\/IP sockets/;

/**
 * Starts the server for the first time in this process: on the port of last time if it is free, waiting for what is
 * left of an earlier server to end.
 *
 * @throws PostgresStartError when it cannot run
 */
export async function startServer(
  plan: Omit<ServerPlan, 'port'>,
  preferredPort: number | undefined,
): Promise<{ postmaster: Postmaster; plan: ServerPlan }> {
  const until = performance.now() + LOCK_LIMIT_MS;
  let port = await findFreePort(preferredPort);
  for (;;) {
    try {
      const complete = { ...plan, port };
      return { postmaster: await Postmaster.start(complete), plan: complete };
    } catch (error) {
      if (!(error instanceof PostgresStartError) || performance.now() > until) throw error;
      if (PORT_TAKEN.test(error.output)) port = await findFreePort();
      else if (STILL_LOCKED.test(error.output)) await sleep(LOCK_PAUSE_MS);
      else throw error;
    }
  }
}
