import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { HeavyLane } from './heavy-lane.js';
import { QueueFullError } from './queue-full-error.js';

const MEGABYTE = 1_048_576;

describe('HeavyLane', () => {
  let lane: HeavyLane;
  let said: string[];
  let ends: Map<string, (error?: Error) => void>;

  beforeEach(() => {
    lane = new HeavyLane();
    said = [];
    ends = new Map();
  });

  const enter = (name: string, bytes: number): Promise<string> =>
    lane.run(bytes, () => {
      said.push(name);
      return new Promise((resolve, reject) => {
        ends.set(name, (error) => {
          if (error) reject(error);
          else resolve(name);
        });
      });
    });
  const settled = (): Promise<void> => new Promise(setImmediate);

  it('takes a megabyte at a time, in the order of arrival, whatever becomes of them', async () => {
    const large = enter('large', 5 * MEGABYTE);
    const half = enter('half', MEGABYTE / 2);
    const other = enter('other half', MEGABYTE / 2);
    const last = enter('last', 70_000);
    await settled();
    expect(said).toEqual(['large']);
    ends.get('large')?.(new Error('no'));
    await expect(large).rejects.toThrow('no');
    await settled();
    expect(said).toEqual(['large', 'half', 'other half']);
    ends.get('other half')?.();
    expect(await other).toBe('other half');
    await settled();
    expect(said).toEqual(['large', 'half', 'other half', 'last']);
    for (const end of ends.values()) end();
    expect(await Promise.all([half, last])).toEqual(['half', 'last']);
    expect(lane.fill).toBe(0);
  });

  it('has room for 128 MB, until they are done', async () => {
    const first = enter('first', 128 * MEGABYTE);
    expect(lane.fill).toBe(1);
    await expect(enter('more', 70_000)).rejects.toThrow(QueueFullError);
    await settled();
    ends.get('first')?.();
    await first;
    expect(lane.fill).toBe(0);
  });

  it('lets nobody wait for a database that is away', async () => {
    const results = Promise.allSettled([enter('first', MEGABYTE), enter('second', MEGABYTE), enter('third', MEGABYTE)]);
    await settled();
    const away = new DatabaseUnavailableError(new Error('gone'));
    ends.get('first')?.(away);
    expect(await results).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: away })));
    expect(lane.fill).toBe(0);
  });
});
