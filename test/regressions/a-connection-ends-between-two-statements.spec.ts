import { Database } from '../../src/database/database.js';
import { DatabaseUnavailableError } from '../../src/database/database-unavailable.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

// The story: the server was killed while a process stood between two statements of a transaction. pg says so by an
// `error` event on the client, which only the pool listens to, and only while the client is idle: nobody heard it, and
// Node ended the whole process, with all that it had in its hands.
describe('the connection of a transaction ends between two of its statements', () => {
  let database: TestDatabase;
  let db: Database;

  beforeEach(async () => {
    database = await createTestDatabase();
    db = new Database(database.url, 2);
  });

  afterEach(async () => {
    await db.close();
    await database.drop();
  });

  it('and the transaction fails, the process lives, the next transaction has another connection', async () => {
    const isThere = async (pid: unknown): Promise<boolean> =>
      (await db.query({ text: 'select from pg_stat_activity where pid = $1' }, [pid])).length > 0;
    const cut = db.transaction(async (transaction) => {
      const [row] = await transaction.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' }, []);
      await db.query({ text: 'select pg_terminate_backend($1)' }, [row?.pid]);
      await waitUntil(async () => !(await isThere(row?.pid)));
      await transaction.query({ text: 'select 1' }, []);
    });
    await expect(cut).rejects.toThrow(DatabaseUnavailableError);
    const next = db.transaction((transaction) => transaction.query({ text: 'select 1 as one' }, []));
    await expect(next).resolves.toEqual([{ one: 1 }]);
  });
});
