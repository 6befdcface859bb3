import { Client } from 'pg';
import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';

/** Noon: there are partitions for these days. */
const NOW = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
const DAY_MS = 86_400_000;
const TOMORROW = new Date(NOW.getTime() + DAY_MS).toISOString().slice(0, 10);

describe('reads of raw webhooks', () => {
  let clock: FakeClock;
  let gateway: TestGateway;
  let db: Client;
  let auditorKey: string;
  let auditorId: string;

  beforeEach(async () => {
    clock = new FakeClock(NOW.getTime());
    gateway = await TestGateway.start({ TRUSTED_PROXIES: '127.0.0.1' }, clock);
    db = new Client({ connectionString: gateway.databaseUrl });
    await db.connect();
    const { body } = await gateway.api('POST', '/api-keys', { name: 'Anna', role: 'auditor' });
    auditorKey = String(body['key']);
    auditorId = String(body['id']);
  });

  afterEach(async () => {
    await db.end();
    await gateway.stop();
  });

  const open = async (number: number): Promise<string> => {
    const { body } = await gateway.groove('ticket_started', { number, title: 'Printer' });
    return String((body['event_ids'] as string[])[0]);
  };
  const read = (id: string, include = 'raw', address = '198.51.100.7'): Promise<Answer> =>
    gateway.api('GET', `/events/${id}?include=${include}`, undefined, auditorKey, { 'x-forwarded-for': address });
  const reads = async (query = ''): Promise<Answer['body']> => (await gateway.api('GET', `/raw-reads?${query}`)).body;

  it('are noted: whose key, from where, when, of which event', async () => {
    const id = await open(1);
    const { body } = await read(id);
    expect(body['raw']).toMatchObject({ body: '{"number":1,"title":"Printer"}', encoding: 'utf-8' });
    expect(await reads()).toEqual({
      data: [
        {
          id: expect.any(String),
          at: NOW.toISOString(),
          event_id: id,
          key: { id: auditorId, name: 'Anna' },
          address: '198.51.100.7',
        },
      ],
      next_cursor: null,
      prev_cursor: null,
    });
  });

  it('are not noted where nothing was shown', async () => {
    const id = await open(1);
    await read(id, 'deliveries');
    await read('01890000-0000-7000-8000-000000000000');
    await db.query('update events set raw_headers = null, raw_body = null');
    expect((await read(id)).body['raw']).toBeNull();
    expect((await reads()).data).toEqual([]);
  });

  it('are refused where they cannot be noted', async () => {
    const id = await open(1);
    await db.query(`
      create function be_away() returns trigger language plpgsql as
        $$ begin raise exception 'gone' using errcode = 'admin_shutdown'; end $$;
      create trigger away before insert on raw_reads for each row execute function be_away()`);
    const answer = await read(id);
    expect([answer.status, answer.body['code']]).toEqual([503, 'database_unavailable']);
    expect(answer.text).not.toContain('Printer');
    expect((await db.query('select from change_people where value = $1', ['198.51.100.7'])).rowCount).toBe(0);
  });

  it('are narrowed by each filter, and paged both ways', async () => {
    const ids = [await open(1), await open(2)];
    for (const id of ids) await read(id);
    clock.advance(DAY_MS);
    await gateway.api('GET', `/events/${String(ids[0])}?include=raw`);
    const eventsOf = async (query: string): Promise<unknown[]> =>
      (await reads(query)).data.map(({ event_id: eventId }) => eventId);
    expect(await eventsOf('')).toEqual([ids[0], ids[1], ids[0]]);
    expect(await eventsOf(`event_id=${String(ids[1])}`)).toEqual([ids[1]]);
    expect(await eventsOf(`key_id=${auditorId}`)).toEqual([ids[1], ids[0]]);
    expect(await eventsOf(`since=${TOMORROW}`)).toEqual([ids[0]]);
    expect(await eventsOf(`until=${TOMORROW}`)).toEqual([ids[1], ids[0]]);
    const first = await reads('limit=2');
    const second = await reads(`limit=2&cursor=${String(first['next_cursor'])}`);
    expect(second.data.map(({ event_id: eventId }) => eventId)).toEqual([ids[0]]);
    expect((await reads(`limit=2&cursor=${String(second['prev_cursor'])}`)).data).toEqual(first.data);
  });

  it.each(['event_id=me', 'since=2026-02-01&until=2026-01-01', 'colour=red', 'cursor=abc', 'limit=0'])(
    'refuses %s',
    async (query) => {
      expect((await gateway.api('GET', `/raw-reads?${query}`)).status).toBe(400);
    },
  );

  it('keep their address apart, where it can be erased', async () => {
    await read(await open(1));
    await db.query('update change_people set value = null where value = $1', ['198.51.100.7']);
    expect((await reads()).data).toMatchObject([{ address: '[erased]' }]);
    await expect(db.query('delete from raw_reads')).rejects.toThrow('append-only');
  });
});
