import { Client } from 'pg';
import { EnvironmentError } from '../config/validate-environment.js';

/** Others may use the pooler too: its connections then change hands, and one look may miss it. */
const LOOKS = 5;

/**
 * Sees to it that migrations, `listen` and retention have connections of their own. Through a pooler in transaction mode
 * a lock of a session stays behind where the next one finds it held for ever, and notifications reach nobody, without
 * any error. Two connections that stand at once and are served by the same process of the server are certain to go
 * through one. A pooler in session mode is no obstacle, and is not taken for one.
 *
 * @throws EnvironmentError; pg's errors when the server cannot be reached or refuses
 */
export async function refusePooler(url: string): Promise<void> {
  // Without a time limit, as the migrations that come after it: the modules of the process are being loaded meanwhile,
  // which holds up its event loop, and a timer would be looked at before the answer that has come.
  const clients = [1, 2].map(() => new Client({ connectionString: url, application_name: 'deskwire' }));
  // One that ends fails the statement that is under way, or the next one.
  for (const client of clients) client.on('error', () => undefined);
  try {
    for (const client of clients) await client.connect();
    for (let look = 0; look < LOOKS; look += 1) {
      const [one, other] = [await servedBy(clients[0]), await servedBy(clients[1])];
      if (one === other) throw new EnvironmentError([SHARED]);
    }
  } finally {
    for (const client of clients) await client.end().catch(() => undefined);
  }
}

const SHARED =
  'DATABASE_DIRECT_URL: must lead to the database itself, past the pooler that hands its connections from one transaction to the next (docs/growing.md)';

async function servedBy(client: Client | undefined): Promise<number | undefined> {
  const result = await client?.query<{ pid: number }>('select pg_backend_pid() as pid');
  return result?.rows[0]?.pid;
}
