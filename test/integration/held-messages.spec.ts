import { newId } from '../../src/clock/new-id.js';
import { Database } from '../../src/database/database.js';
import { findHeldMessages } from '../../src/deliveries/sql/find-held-messages.js';
import { OldLog } from '../support/old-log.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';

const MINE = '01890000-0000-7000-8000-00000000000a';
const SIBLING = '01890000-0000-7000-8000-00000000000b';
const STRANGER = '01890000-0000-7000-8000-00000000000c';

describe('findHeldMessages', () => {
  let database: TestDatabase;
  let log: OldLog;
  let db: Database;

  beforeEach(async () => {
    database = await createTestDatabase();
    log = await OldLog.open(database.url);
    db = new Database(database.url, 1);
    const sites = {
      [MINE]: 'https://chat.example.com',
      [SIBLING]: 'https://Chat.example.com/',
      [STRANGER]: 'https://other.example.com',
    };
    for (const [id, site] of Object.entries(sites)) {
      await log.sql(
        "insert into destinations (id, name, kind, settings, secrets) values ($1::uuid, $1::uuid::text, 'zulip', $2, '')",
        [id, { site }],
      );
    }
  });

  afterEach(async () => {
    await db.close();
    await log.close();
    await database.drop();
  });

  /** An attempt that a message is known to be of. @param destinationId null = its delivery has been removed */
  const attempt = async (messageId: number, destinationId: string | null): Promise<string> => {
    const id = newId(new Date());
    if (destinationId !== null) {
      await log.sql(
        `insert into deliveries (id, event_id, source_id, destination_id, type, lane, sequence, state, created_at)
         values ($1, $1, $1, $2, 'ticket.created', '', nextval('delivery_sequence'), 'delivered', now())`,
        [id, destinationId],
      );
    }
    await log.sql(
      'insert into attempts (id, delivery_id, number, started_at, message_id) values ($1, $1, 1, now(), $2)',
      [id, messageId],
    );
    return id;
  };

  it('are those of the same organisation, and those of which nobody knows any more whose they were', async () => {
    const own = await attempt(1, MINE);
    await attempt(2, MINE);
    await attempt(3, SIBLING);
    await attempt(4, STRANGER);
    await attempt(5, null);
    const held = await findHeldMessages(db, MINE, { id: own, startedAt: new Date() }, [1, 2, 3, 4, 5, 6]);
    expect([...held].sort()).toEqual([2, 3, 5]);
  });
});
