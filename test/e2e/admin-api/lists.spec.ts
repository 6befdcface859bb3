import { type Answer, TestGateway } from '../../support/test-gateway.js';

const LISTS = ['sources', 'destinations', 'routes', 'api-keys', 'events', 'deliveries', 'changes', 'raw-reads'];
/** Of no list: where there is one row, there is no next page. */
const NO_ROOM_CURSOR = Buffer.from('[1,"x","next","01890000-0000-7000-8000-000000000000"]').toString('base64url');

describe('lists of the admin API', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each<[string, string, string]>([
    ['a limit of none', '/deliveries?limit=0', 'validation_failed'],
    ['a limit beyond the most', '/deliveries?limit=501', 'validation_failed'],
    ['an unknown parameter', '/deliveries?colour=red', 'validation_failed'],
    ['an unknown state', '/deliveries?state=lost', 'validation_failed'],
    ['a cursor that is none', '/deliveries?cursor=abc', 'invalid_cursor'],
    ['a time that is none', '/events?since=yesterday', 'validation_failed'],
    ['a week', '/events?since=2026-W01', 'validation_failed'],
    ['a day that is none', '/events?since=2026-02-31T00:00:00Z', 'validation_failed'],
    ['a time before all ids', '/deliveries?since=1969-12-31T23:59:59Z', 'validation_failed'],
    ['NUL in a search', '/deliveries?q=%00', 'validation_failed'],
    ['an empty search', '/events?q=', 'validation_failed'],
    ['a limit in hexadecimal', '/events?limit=0x10', 'validation_failed'],
    ['a parameter that every object has', '/events?constructor=1', 'validation_failed'],
    ['since after until', '/events?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'validation_failed'],
    ['an id that is none', '/deliveries/42', 'invalid_id'],
    ['an unknown inclusion', '/deliveries/01890000-0000-7000-8000-000000000000?include=secrets', 'validation_failed'],
  ])('refuses %s', async (_story, path, code) => {
    const answer = await gateway.api('GET', path);
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
  });

  it('pages both ways, newest first, in the same order', async () => {
    for (let number = 1000; number < 1007; number += 1)
      await gateway.groove('ticket_started', { number, title: 'Page' });
    const whole = await gateway.api('GET', '/events?type=ticket.created&limit=500');
    const ids = whole.body.data.map((event) => event['id']);
    const page = async (cursor: unknown): Promise<Answer['body']> =>
      (
        await gateway.api(
          'GET',
          `/events?type=ticket.created&limit=3${cursor === undefined ? '' : `&cursor=${cursor as string}`}`,
        )
      ).body;
    const first = await page(undefined);
    const second = await page(first['next_cursor']);
    const back = await page(second['prev_cursor']);
    expect(first.data.map((event) => event['id'])).toEqual(ids.slice(0, 3));
    expect(second.data.map((event) => event['id'])).toEqual(ids.slice(3, 6));
    expect(back.data).toEqual(first.data);
    expect([first['prev_cursor'], back['prev_cursor']]).toEqual([null, null]);
    const foreign = await gateway.api('GET', `/events?type=ticket.closed&cursor=${String(first['next_cursor'])}`);
    expect([foreign.status, foreign.body['code']]).toEqual([400, 'invalid_cursor']);
  });

  it('has nothing newer than the highest id that a cursor can name', async () => {
    const { body } = await gateway.api('GET', '/events?limit=1');
    const parts = JSON.parse(Buffer.from(String(body['next_cursor']), 'base64url').toString('utf8')) as unknown[];
    const highest = [parts[0], parts[1], 'prev', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    const cursor = Buffer.from(JSON.stringify(highest)).toString('base64url');
    const answer = await gateway.api('GET', `/events?limit=1&cursor=${cursor}`);
    expect([answer.status, answer.body]).toEqual([200, { data: [], next_cursor: null, prev_cursor: null }]);
  });

  it.each(LISTS)('%s: refuses what no list takes, and the cursor of another', async (list) => {
    const other = await gateway.api('GET', `/${list === 'sources' ? 'routes' : 'sources'}?limit=1`);
    const { next_cursor: next } = other.body;
    const foreign = typeof next === 'string' ? next : NO_ROOM_CURSOR;
    const refused: [string, string][] = [
      ['limit=501', 'validation_failed'],
      ['limit=', 'validation_failed'],
      ['limit=1&limit=2', 'validation_failed'],
      ['offset=10', 'validation_failed'],
      ['cursor=x&cursor=y', 'validation_failed'],
      [`cursor=${foreign}`, 'invalid_cursor'],
      [`cursor=${'x'.repeat(501)}`, 'validation_failed'],
    ];
    for (const [query, code] of refused) {
      const answer = await gateway.api('GET', `/${list}?${query}`);
      expect([query, answer.status, answer.body['code']]).toEqual([query, 400, code]);
    }
    const page = await gateway.api('GET', `/${list}?limit=500`);
    expect([page.status, page.body]).toEqual([200, { data: expect.any(Array), next_cursor: null, prev_cursor: null }]);
  });

  it('answers 404 for what is not there', async () => {
    for (const room of LISTS) {
      const answer = await gateway.api('GET', `/${room}/01890000-0000-7000-8000-000000000000`);
      expect([room, answer.status, answer.body['code']]).toEqual([room, 404, 'not_found']);
    }
  });
});
