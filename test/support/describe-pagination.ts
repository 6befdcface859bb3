import { type Answer, call } from './test-gateway.js';

/** A list under test. */
export interface ListUnderTest {
  /** Whole, with the filters of the query if it has any. */
  url: string;
  headers: Record<string, string>;
  /** Adds one row, the newest. */
  add: () => Promise<unknown>;
}

type Row = Record<string, unknown>;

const PAGE = 3;
/** Enough for a last page that is not full. */
const ROWS = 8;

/**
 * What every list promises: newest first, both ways, whatever is added meanwhile, also among rows of the same instant.
 *
 * @param open may be called once the suite has begun
 */
export function describePagination(name: string, open: () => Promise<ListUnderTest>): void {
  describe(`the pages of ${name}`, () => {
    let list: ListUnderTest;
    let whole: Row[];

    beforeAll(async () => {
      list = await open();
      for (let row = 0; row < ROWS; row += 1) await list.add();
    });

    beforeEach(async () => {
      whole = (await read({ limit: '500' })).data;
    });

    const read = async (query: Record<string, string>): Promise<Answer['body']> => {
      const url = new URL(list.url);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      const answer = await call(url.href, { headers: list.headers });
      expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
      return answer.body;
    };
    const page = (cursor: unknown, limit = PAGE): Promise<Answer['body']> =>
      read({ limit: String(limit), ...(typeof cursor === 'string' && { cursor }) });
    const idsOf = (rows: readonly Row[]): unknown[] => rows.map((row) => row['id']);
    /** Follows a cursor to its end. */
    const walk = async (from: Answer['body'], way: 'next_cursor' | 'prev_cursor'): Promise<Answer['body'][]> => {
      const pages = [from];
      for (let cursor = from[way]; cursor !== null; cursor = pages.at(-1)?.[way]) {
        pages.push(await page(cursor));
        if (pages.length > 100) throw new Error('the pages do not end');
      }
      return pages;
    };

    it('show every row once, newest first, and end', async () => {
      const pages = await walk(await page(undefined), 'next_cursor');
      expect(pages.flatMap(({ data }) => idsOf(data))).toEqual(idsOf(whole));
      expect(whole.length).toBeGreaterThanOrEqual(ROWS);
      expect(new Set(idsOf(whole)).size).toBe(whole.length);
      expect(pages.slice(0, -1).map(({ data }) => data.length)).toEqual(pages.slice(0, -1).map(() => PAGE));
      expect(pages[0]?.['prev_cursor']).toBeNull();
      expect(pages.at(-1)?.['next_cursor']).toBeNull();
    });

    it('lead back over the same pages, in the same order', async () => {
      const there = await walk(await page(undefined), 'next_cursor');
      const last = there.at(-1) as Answer['body'];
      const back = await walk(last, 'prev_cursor');
      expect(back.reverse().map(({ data }) => idsOf(data))).toEqual(pagesFromTheEnd(idsOf(whole), last.data.length));
    });

    it('turn on any row, with pages of any size', async () => {
      const first = await page(undefined, 1);
      const second = await page(first['next_cursor'], 4);
      expect(idsOf(second.data)).toEqual(idsOf(whole).slice(1, 5));
      expect(idsOf((await page(second['prev_cursor'], 500)).data)).toEqual(idsOf(whole).slice(0, 1));
    });

    it('neither lose nor repeat a row while others are added', async () => {
      const first = await page(undefined);
      await list.add();
      const second = await page(first['next_cursor']);
      await list.add();
      const rest = await walk(second, 'next_cursor');
      expect([first, ...rest].flatMap(({ data }) => idsOf(data))).toEqual(idsOf(whole));
      const back = await walk(second, 'prev_cursor');
      const now = (await read({ limit: '500' })).data;
      expect(now.length).toBeGreaterThanOrEqual(whole.length + 2);
      const newer = back
        .slice(1)
        .reverse()
        .flatMap(({ data }) => idsOf(data));
      expect(newer).toEqual(idsOf(now).slice(0, now.length - whole.length + PAGE));
    });

    it('refuse the cursor of another list', async () => {
      const { next_cursor: cursor } = await page(undefined);
      const parts = JSON.parse(Buffer.from(String(cursor), 'base64url').toString('utf8')) as unknown[];
      const foreign = Buffer.from(JSON.stringify([parts[0], 'another', ...parts.slice(2)])).toString('base64url');
      const url = new URL(list.url);
      url.searchParams.set('cursor', foreign);
      const answer = await call(url.href, { headers: list.headers });
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_cursor']);
    });
  });
}

/** Pages as they are when one comes from the last one, which has so many rows. */
function pagesFromTheEnd(ids: readonly unknown[], lastLength: number): unknown[][] {
  const pages = [ids.slice(ids.length - lastLength)];
  for (let end = ids.length - lastLength; end > 0; end -= PAGE) pages.unshift(ids.slice(Math.max(0, end - PAGE), end));
  return pages;
}
