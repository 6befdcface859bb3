import type { ListedDelivery, ListedPage } from './delivery-list.js';

/** So many of the newest are looked at each time: what was stored late, or has changed, is among them. */
const PAGE = 100;
/** Beyond so many pages between two looks the rest is left out: nobody reads that fast. */
const MOST_PAGES = 50;
/** Whose state is remembered. */
const MOST_KNOWN = 20_000;

/** What there is to show since the last look. */
export interface News {
  /** What is new or in another state, oldest first. */
  deliveries: ListedDelivery[];
  /** Whether there was more than is shown. */
  isCut: boolean;
}

type ReadPage = (limit: number, cursor?: string) => Promise<ListedPage>;

/**
 * Follows a list, newest first, by looking at its head again and again. Ids are made by several processes and rows are
 * stored in batches, so a delivery may appear below one that was seen before, and all of them change: where the last look
 * ended is therefore no place to go on from. It is asked from the newest down to the first page with something known.
 */
export class FollowedDeliveries {
  private readonly known = new Map<string, string>();
  /** Older ones are none of its business. */
  private floor = '';

  constructor(private readonly readPage: ReadPage) {}

  /** The newest so many, oldest first. */
  async begin(count: number): Promise<ListedDelivery[]> {
    const { data } = await this.readPage(Math.max(count, 1));
    for (const { id, state } of data) this.known.set(id, state);
    if (data.length >= Math.max(count, 1)) this.floor = data.at(-1)?.id ?? '';
    return data.slice(0, count).reverse();
  }

  async next(): Promise<News> {
    const deliveries: ListedDelivery[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { data, next_cursor: next } = await this.readPage(PAGE, cursor ?? undefined);
      const ours = data.filter(({ id }) => id >= this.floor);
      const meetsKnown = ours.length < data.length || ours.some(({ id }) => this.known.has(id));
      // Between two pages the list may have grown: the same row may come twice.
      for (const delivery of ours) if (this.isNews(delivery)) deliveries.push(delivery);
      cursor = next;
      if (meetsKnown || cursor === null) return { deliveries: this.inOrder(deliveries), isCut: false };
    }
    return { deliveries: this.inOrder(deliveries), isCut: true };
  }

  private isNews({ id, state }: ListedDelivery): boolean {
    if (this.known.get(id) === state) return false;
    this.known.set(id, state);
    return true;
  }

  private inOrder(deliveries: ListedDelivery[]): ListedDelivery[] {
    this.forgetOld();
    return deliveries.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private forgetOld(): void {
    const surplus = this.known.size - MOST_KNOWN;
    if (surplus <= 0) return;
    const ids = [...this.known.keys()].sort();
    for (const id of ids.slice(0, surplus)) this.known.delete(id);
    this.floor = ids[surplus] ?? this.floor;
  }
}
