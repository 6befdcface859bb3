import { FakeClock } from '../../../test/support/fake-clock.js';
import { GentleLine } from './gentle-line.js';

const always = (): boolean => true;

describe('a gentle line', () => {
  let clock: FakeClock;
  let line: GentleLine;
  /** Ends the work that was begun, the first first. */
  let ends: (() => void)[];
  const work = (): Promise<string> =>
    new Promise((resolve) =>
      ends.push(() => {
        resolve('done');
      }),
    );
  /** Lets what was decided take effect. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    clock = new FakeClock();
    line = new GentleLine(clock, 2);
    ends = [];
  });

  it('begins as much as it may, and the next when one has ended', async () => {
    const all = [1, 2, 3, 4].map(() => line.run(always, work));
    await settle();
    expect(ends).toHaveLength(2);
    ends[0]?.();
    await settle();
    expect(ends).toHaveLength(3);
    for (let index = 1; index < 4; index += 1) {
      ends[index]?.();
      await settle();
    }
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('goes on after work that failed', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => line.run(always, fail)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const last = line.run(always, work);
    await settle();
    ends[0]?.();
    expect(await last).toBe('done');
  });

  it('does not begin what nobody wants any more when its turn comes', async () => {
    let isWanted = true;
    const [first, , third] = [1, 2, 3].map(() => line.run(() => isWanted, work));
    await settle();
    isWanted = false;
    ends[0]?.();
    expect([await first, await third]).toEqual(['done', undefined]);
    expect(ends).toHaveLength(2);
  });

  it('gives up what waits when it is to rest, and begins anew after that', async () => {
    const [first, , third] = [1, 2, 3].map(() => line.run(always, work));
    await settle();
    line.rest(1_000);
    line.rest(10);
    ends[0]?.();
    expect([await first, await third]).toEqual(['done', undefined]);
    clock.advance(999);
    expect(line.isResting).toBe(true);
    expect(await line.run(always, work)).toBeUndefined();
    clock.advance(1);
    expect(line.isResting).toBe(false);
    void line.run(always, work);
    await settle();
    expect(ends).toHaveLength(3);
  });
});
