import type { ListedDelivery, ListedPage } from './delivery-list.js';
import { FollowedDeliveries } from './follow-deliveries.js';

/** A list as the API has it: newest first, by pages. */
class FakeList {
  readonly asked: (string | undefined)[] = [];
  private readonly rows = new Map<string, string>();

  set(from: number, to: number, state = 'delivered'): void {
    for (let number = from; number <= to; number += 1) this.rows.set(idOf(number), state);
  }

  readonly page = (limit: number, cursor?: string): Promise<ListedPage> => {
    this.asked.push(cursor);
    const rows = [...this.rows]
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .filter(([id]) => cursor === undefined || id < cursor)
      .map(([id, state]) => ({ id, state }) as ListedDelivery);
    const data = rows.slice(0, limit);
    return Promise.resolve({ data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null });
  };
}

const idOf = (number: number): string => String(number).padStart(6, '0');
const shown = (deliveries: readonly ListedDelivery[]): string[] =>
  deliveries.map(({ id, state }) => `${Number(id)} ${state}`);

describe('followed deliveries', () => {
  let list: FakeList;
  let followed: FollowedDeliveries;
  const next = async (): Promise<string[]> => shown((await followed.next()).deliveries);

  beforeEach(() => {
    list = new FakeList();
    followed = new FollowedDeliveries(list.page);
  });

  it('begin with the newest, and go on with what comes', async () => {
    list.set(1, 250);
    expect(shown(await followed.begin(2))).toEqual(['249 delivered', '250 delivered']);
    expect(await next()).toEqual([]);
    list.set(251, 252);
    expect(await next()).toEqual(['251 delivered', '252 delivered']);
    expect(await next()).toEqual([]);
    // One page each, without a cursor: there was no gap.
    expect(list.asked).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('begin with nothing where nothing is wanted, or there is nothing', async () => {
    expect(await followed.begin(10)).toEqual([]);
    list.set(1, 3);
    expect(await next()).toEqual(['1 delivered', '2 delivered', '3 delivered']);
    const other = new FollowedDeliveries(list.page);
    expect(await other.begin(0)).toEqual([]);
    list.set(4, 4);
    expect(shown((await other.next()).deliveries)).toEqual(['4 delivered']);
  });

  it('come again when their state has changed, and are found when they were stored late', async () => {
    list.set(10, 10, 'pending');
    list.set(12, 12);
    expect(shown(await followed.begin(2))).toEqual(['10 pending', '12 delivered']);
    list.set(10, 11);
    list.set(9, 9);
    expect(await next()).toEqual(['10 delivered', '11 delivered']);
  });

  it('are all read where more came than a page holds', async () => {
    list.set(1, 1);
    await followed.begin(1);
    list.set(2, 251);
    const news = await followed.next();
    expect([news.isCut, news.deliveries.length, shown(news.deliveries.slice(0, 1))]).toEqual([
      false,
      250,
      ['2 delivered'],
    ]);
    expect(list.asked.slice(1)).toEqual([undefined, idOf(152), idOf(52)]);
  });

  it('are cut where nobody could read so many', async () => {
    list.set(1, 1);
    await followed.begin(1);
    list.set(2, 6_000);
    const news = await followed.next();
    expect([news.isCut, news.deliveries.length]).toEqual([true, 5_000]);
    expect(await next()).toEqual([]);
  });
});
