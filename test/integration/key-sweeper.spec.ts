import { Database } from '../../src/database/database.js';
import { KeySweeper } from '../../src/intake/key-sweeper.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

describe('KeySweeper', () => {
  it('forgets what has expired, however much, and nothing else', async () => {
    const database = await createTestDatabase();
    const db = new Database(database.url, 2);
    const clock = new FakeClock();
    const expiry = (key: string, count: number, at: Date): Promise<unknown> =>
      db.query(
        {
          text: `insert into deduplication_keys (source_id, key, event_id, expires_at)
                 select '01890000-0000-7000-8000-000000000001', $1 || n, '01890000-0000-7000-8000-000000000002', $3
                 from generate_series(1, $2) n`,
        },
        [key, count, at],
      );
    await expiry('old', 12_000, clock.now());
    await expiry('new', 3, new Date(clock.now().getTime() + 600_000));
    const sweeper = new KeySweeper(db, clock);
    sweeper.onApplicationBootstrap();
    clock.advance(60_000);
    const left = await waitUntil(async () => {
      const rows = await db.query<{ key: string }>({ text: 'select key from deduplication_keys order by key' }, []);
      return rows.length < 2_000 && rows.map((row) => row.key);
    });
    expect(left).toEqual(['new1', 'new2', 'new3']);
    await sweeper.onModuleDestroy();
    await db.close();
    await database.drop();
  });
});
