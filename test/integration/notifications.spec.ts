import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Database } from '../../src/database/database.js';
import { Notifications } from '../../src/database/notifications.js';
import { notify } from '../../src/database/sql/notify.js';
import { Cable } from '../support/cable.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

/** Sooner than any wait that these tests ask for, on a machine that runs others as well. */
const SOON_MS = 20_000;

describe('Notifications', () => {
  const times = { lookEveryMs: 50, answerMs: 500, firstRetryMs: 20, longestRetryMs: 100 };
  let database: TestDatabase;
  let db: Database;
  let cable: Cable;
  let notifications: Notifications;
  let logged: string[];
  let heard: string[];
  let reconnects: number;

  beforeEach(async () => {
    database = await createTestDatabase();
    db = new Database(database.url, 2);
    cable = await Cable.before(database.url);
    logged = [];
    Logger.overrideLogger({
      log: (message: string) => logged.push(`info: ${message}`),
      warn: (_details: unknown, message: string) => logged.push(`warn: ${message}`),
      error: (_details: unknown, message: string) => logged.push(`error: ${message}`),
    });
    heard = [];
    reconnects = 0;
    use(new Notifications(database.url));
  });

  afterEach(async () => {
    await notifications.stop();
    await cable.cut();
    await db.close();
    await database.drop();
  });

  const use = (made: Notifications): void => {
    notifications = made;
    notifications.listen('tests', (payload) => heard.push(payload));
    notifications.onReconnect(() => (reconnects += 1));
  };

  const listeners = async (): Promise<number[]> => {
    const rows = await db.query<{ pid: number }>(
      {
        text: "select pid from pg_stat_activity where application_name = 'deskwire-listen' and datname = current_database()",
      },
      [],
    );
    return rows.map((row) => row.pid);
  };

  const cut = async (): Promise<void> => {
    for (const pid of await listeners()) await db.query({ text: 'select pg_terminate_backend($1)' }, [pid]);
  };

  it('hears what other connections announce, on every channel, for every subscriber, in order', async () => {
    await notifications.start();
    expect(reconnects).toBe(1);
    notifications.listen('tests', (payload) => heard.push(`again ${payload}`));
    notifications.listen('later', (payload) => heard.push(`later ${payload}`));
    // The new channel is heard once this says so.
    await waitUntil(() => reconnects === 2);
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query("notify tests; notify tests, 'Grüße'; notify unheard, 'x'");
    await other.end();
    await notify(db, 'later', 'last');
    await waitUntil(() => heard.includes('later last'));
    expect(heard).toEqual(['', 'again ', 'Grüße', 'again Grüße', 'later last']);
    expect(await listeners()).toHaveLength(1);
  });

  it('stands again after a loss, says so, and goes on hearing', async () => {
    await notifications.start();
    for (const loss of [1, 2, 3]) {
      await cut();
      await waitUntil(() => reconnects === loss + 1);
      await notify(db, 'tests', `after ${loss}`);
      await waitUntil(() => heard.includes(`after ${loss}`));
    }
    expect(await listeners()).toHaveLength(1);
  });

  it('notices a connection that has died without a word', async () => {
    use(new Notifications(cable.url, times));
    await notifications.start();
    cable.silence();
    await waitUntil(() => logged.length === 1);
    expect(notifications.isConnected).toBe(false);
    cable.speak();
    await waitUntil(() => reconnects === 2);
    await notify(db, 'tests', 'over the new one');
    await waitUntil(() => heard.length === 1);
  });

  it('asks a quiet connection whether it stands, and leaves it be', async () => {
    use(new Notifications(database.url, times));
    await notifications.start();
    const [pid] = await listeners();
    await sleep(5 * times.lookEveryMs);
    expect(await listeners()).toEqual([pid]);
    expect(reconnects).toBe(1);
  });

  it('starts while the database is away, tries at longer and longer intervals, and says both once', async () => {
    await cable.cut();
    use(new Notifications(cable.url, times));
    await notifications.start();
    expect([reconnects, notifications.isConnected]).toEqual([0, false]);
    await sleep(300);
    expect(logged).toEqual(['warn: the connection that hears other processes is lost; it is tried again']);
    await cable.mend();
    await waitUntil(() => reconnects === 1);
    expect(logged.slice(1)).toEqual(['info: other processes are heard again']);
    expect(notifications.isConnected).toBe(true);
    await notify(db, 'tests', 'there');
    await waitUntil(() => heard.length === 1);
  });

  it('does not hurry a server that lets nobody in', async () => {
    const nobody = new URL(cable.url);
    nobody.pathname = '/nobody_made_this';
    use(new Notifications(nobody.href, times));
    await notifications.start();
    await sleep(500);
    // After 0, 20, 60, 140, 240, 340 and 440 ms, at best.
    expect(cable.connections).toBeGreaterThan(1);
    expect(cable.connections).toBeLessThanOrEqual(7);
  });

  it('survives subscribers that throw, at once or later', async () => {
    notifications.listen('tests', () => {
      throw new Error('at once');
    });
    const later: (payload: string) => unknown = () => Promise.reject(new Error('later'));
    notifications.listen('tests', later);
    notifications.onReconnect(() => {
      throw new Error('at once');
    });
    notifications.listen('tests', (payload) => heard.push(`behind ${payload}`));
    await notifications.start();
    await notify(db, 'tests', 'x');
    await waitUntil(() => heard.length === 2);
    expect(heard).toEqual(['x', 'behind x']);
    expect(logged).toEqual(Array<string>(3).fill('error: a notification could not be followed'));
  });

  describe('stops', () => {
    const stopsAtOnce = async (): Promise<void> => {
      const began = performance.now();
      await notifications.stop();
      await notifications.stop();
      await notifications.start();
      expect(performance.now() - began).toBeLessThan(SOON_MS);
      const before = cable.connections;
      await cable.cut();
      await cable.mend();
      await sleep(300);
      expect(cable.connections).toBe(before);
      expect(await listeners()).toEqual([]);
    };

    beforeEach(() => {
      use(new Notifications(cable.url, times));
    });

    it('before it ever started', stopsAtOnce);

    it('while it listens; nobody is told anything afterwards', async () => {
      await notifications.start();
      await stopsAtOnce();
      await notify(db, 'tests', 'too late');
      await sleep(100);
      expect(heard).toEqual([]);
      expect(logged).toEqual([]);
    });

    it('while the server keeps silent at the first connection', async () => {
      use(new Notifications(cable.url, { ...times, answerMs: 60_000 }));
      cable.silence();
      const started = notifications.start();
      await waitUntil(() => cable.connections === 1);
      await stopsAtOnce();
      await started;
      expect(logged).toEqual([]);
    });

    it('while the server keeps silent at a later one', async () => {
      await notifications.start();
      cable.silence();
      await cut();
      await waitUntil(() => cable.connections === 2);
      await stopsAtOnce();
    });

    it('while a connection that stood keeps silent', async () => {
      use(new Notifications(cable.url, { ...times, lookEveryMs: 60_000, answerMs: 60_000 }));
      await notifications.start();
      cable.silence();
      const began = performance.now();
      await notifications.stop();
      expect(performance.now() - began).toBeLessThan(SOON_MS);
    });

    it('while it waits for the next try', async () => {
      use(new Notifications(cable.url, { ...times, firstRetryMs: 60_000, longestRetryMs: 60_000 }));
      await cable.cut();
      await notifications.start();
      await stopsAtOnce();
    });
  });

  it('refuses what is not the name of a channel', () => {
    for (const name of ['', 'Tests', 'a"; drop table events; --', 'x'.repeat(64)])
      expect(() => {
        notifications.listen(name, () => undefined);
      }).toThrow('Not a channel');
  });
});
