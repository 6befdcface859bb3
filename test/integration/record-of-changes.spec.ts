import { DataSource } from 'typeorm';
import type { AdminCall } from '../../src/changes/admin-call.js';
import { AdminTransactions } from '../../src/changes/admin-transactions.js';
import type { Change } from '../../src/changes/change.js';
import { newId } from '../../src/clock/new-id.js';
import { FakeClock } from '../support/fake-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { waitUntil } from '../support/wait-until.js';

const DAY_MS = 24 * 3_600_000;

describe('the record of changes', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let clock: FakeClock;
  let transactions: AdminTransactions;
  let keyId: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    clock = new FakeClock();
    transactions = new AdminTransactions(dataSource, clock);
    keyId = newId(clock.now());
    await dataSource.query(
      `insert into api_keys (id, name, role, key_hash) values ($1, 'Anna', 'admin', decode('00', 'hex'))`,
      [keyId],
    );
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const byKey = (fields: Partial<AdminCall> = {}): AdminCall => ({
    via: 'api',
    keyId,
    address: '192.0.2.7',
    ...fields,
  });
  const posted = (key: string, body = 'a'): AdminCall =>
    byKey({ idempotency: { key, fingerprint: Buffer.from(body) } });
  const change = (fields: Partial<Change> = {}): Change => ({
    action: 'update',
    subject: { kind: 'destination', id: newId(clock.now()), name: 'Zulip' },
    before: { settings: { email: 'anna@example.org', channel: 'a' } },
    after: { settings: { email: 'bert@example.org', channel: 'a' } },
    ...fields,
  });
  const rows = (text: string): Promise<Record<string, unknown>[]> => dataSource.query(text);

  it('is one commit with the change: neither is there without the other', async () => {
    const failing = transactions.run(byKey(), async (step) => {
      await step.record(change());
      throw new Error('something else went wrong');
    });
    await expect(failing).rejects.toThrow('something else went wrong');
    expect(await rows('select 1 from changes')).toEqual([]);
    expect(await rows('select 1 from change_people')).toEqual([]);
  });

  it('tells of people by references alone, so that they can be erased from what never changes', async () => {
    await transactions.run(byKey(), (step) => step.record(change()));
    const [record] = await rows('select address, before, after from changes');
    expect(JSON.stringify(record)).not.toMatch(/anna|bert|192\.0\.2/);
    expect(record).toEqual({
      address: expect.any(String),
      before: { settings: { email: { $person: expect.any(String) }, channel: 'a' } },
      after: { settings: { email: { $person: expect.any(String) }, channel: 'a' } },
    });
    await dataSource.query(`update change_people set value = null where value = 'anna@example.org'`);
    expect(await rows('select value from change_people order by value')).toEqual([
      { value: '192.0.2.7' },
      { value: 'bert@example.org' },
      { value: null },
    ]);
  });

  it.each([
    'update changes set action = action',
    'delete from changes',
    'truncate changes',
    `update change_people set value = 'somebody else'`,
    'update change_people set id = gen_random_uuid(), value = null',
    'delete from change_people',
    'truncate change_people',
  ])('refuses %s', async (statement) => {
    await transactions.run(byKey(), (step) => step.record(change()));
    await expect(dataSource.query(statement)).rejects.toThrow('the record of changes is append-only');
    expect(await rows('select 1 from changes')).toHaveLength(1);
  });

  it('does a request once: the repetition gets the answer again, without what is shown once', async () => {
    let done = 0;
    const answer = { id: 'x', key: 'dw_secret', secret: 'whsec_', hook_url: 'http://localhost/hooks/groove/token' };
    const work = (): Promise<typeof answer> => {
      done += 1;
      return Promise.resolve(answer);
    };
    let replays = 0;
    const repeat = { ...posted('once'), onReplay: () => void (replays += 1) };
    expect(await transactions.run(repeat, work)).toEqual(answer);
    expect(await transactions.run(repeat, work)).toEqual({ id: 'x' });
    expect([done, replays]).toEqual([1, 1]);
    expect(JSON.stringify(await rows('select * from idempotency_keys'))).not.toMatch(/dw_secret|whsec_|token/);
  });

  it('does it once when it is sent twice at once, and again when the first time failed', async () => {
    let tries = 0;
    const work = (): Promise<{ try: number }> => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('not now')) : Promise.resolve({ try: tries });
    };
    await expect(transactions.run(posted('again'), work)).rejects.toThrow('not now');
    const answers = await Promise.all([1, 2, 3].map(() => transactions.run(posted('again'), work)));
    expect(answers).toEqual([{ try: 2 }, { try: 2 }, { try: 2 }]);
    expect(tries).toBe(2);
  });

  it('refuses a key that stood for another request', async () => {
    await transactions.run(posted('key', 'one body'), () => Promise.resolve({}));
    const other = transactions.run(posted('key', 'another'), () => Promise.resolve({}));
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
  });

  it('forgets a key after a day', async () => {
    let done = 0;
    const work = (): Promise<object> => Promise.resolve({ time: (done += 1) });
    await transactions.run(posted('daily'), work);
    clock.advance(DAY_MS - 1);
    expect(await transactions.run(posted('daily'), work)).toEqual({ time: 1 });
    clock.advance(1);
    expect(await transactions.run(posted('daily', 'another body'), work)).toEqual({ time: 2 });
  });

  it('lets a change that must be alone wait for those under way, and others wait for it', async () => {
    const order: string[] = [];
    let endFirst: () => void = () => undefined;
    const firstMayEnd = new Promise<void>((resolve) => (endFirst = resolve));
    const begun = new Promise<void>((resolve) => {
      void transactions.run(byKey(), async () => {
        resolve();
        await firstMayEnd;
        order.push('shared');
      });
    });
    await begun;
    const alone = transactions.run(byKey(), () => Promise.resolve(void order.push('alone')), true);
    await waitUntil(async () => (await rows(`select 1 from pg_locks where not granted`)).length === 1);
    const last = transactions.run(byKey(), () => Promise.resolve(void order.push('after it')));
    endFirst();
    await Promise.all([alone, last]);
    expect(order).toEqual(['shared', 'alone', 'after it']);
  });
});
