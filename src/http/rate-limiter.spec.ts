import fc from 'fast-check';
import { FakeClock } from '../../test/support/fake-clock.js';
import { type Rate, RateLimiter } from './rate-limiter.js';

/** One cell: 500 ms. */
const RATE: Rate = { perMinute: 120, burst: 3 };

describe('RateLimiter', () => {
  let clock: FakeClock;
  let limiter: RateLimiter;

  beforeEach(() => {
    clock = new FakeClock();
    limiter = new RateLimiter(clock, 3);
  });

  const take = (caller: string, times: number): number[] =>
    Array.from({ length: times }, () => limiter.take(caller, RATE));

  it('lets as many in at once as the burst says, and says how long the next one waits', () => {
    expect(take('a', 5)).toEqual([0, 0, 0, 500, 500]);
    clock.advance(499);
    expect(take('a', 1)).toEqual([1]);
    clock.advance(1);
    expect(take('a', 2)).toEqual([0, 500]);
  });

  it('gives the whole burst again after a silence, and no more', () => {
    take('a', 3);
    clock.advance(3_600_000);
    expect(take('a', 4)).toEqual([0, 0, 0, 500]);
  });

  it('counts each caller by itself', () => {
    take('a', 3);
    expect(take('b', 1)).toEqual([0]);
  });

  it('only looks, when asked how long one would wait', () => {
    take('a', 2);
    expect([limiter.waitOf('a', RATE), limiter.waitOf('a', RATE)]).toEqual([0, 0]);
    expect(take('a', 2)).toEqual([0, 500]);
    expect(limiter.waitOf('a', RATE)).toBe(500);
  });

  it('makes later ones wait for what came without asking', () => {
    take('a', 1);
    limiter.charge('a', RATE, 4);
    expect(take('a', 1)).toEqual([1_500]);
    clock.advance(1_500);
    expect(take('a', 2)).toEqual([0, 500]);
  });

  it('takes back what it counted, and never gives more than the burst for it', () => {
    take('a', 3);
    limiter.giveBack('a', RATE);
    expect(take('a', 2)).toEqual([0, 500]);
    clock.advance(60_000);
    take('a', 1);
    clock.advance(60_000);
    limiter.giveBack('a', RATE);
    expect(take('a', 4)).toEqual([0, 0, 0, 500]);
  });

  it('forgets whom it has not seen for longest, not who keeps knocking', () => {
    take('a', 3);
    take('b', 3);
    take('c', 3);
    expect(take('a', 1)).toEqual([500]);
    take('d', 1);
    expect(take('a', 1)).toEqual([500]);
    expect(limiter.waitOf('b', RATE)).toBe(0);
  });

  it('never lets in more than the burst and the rate together, whenever they come', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 200 });
    const rates = fc.record({ perMinute: fc.integer({ min: 1, max: 6_000 }), burst: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(pauses, rates, (waits, rate) => {
        const time = new FakeClock();
        const one = new RateLimiter(time, 1);
        let admitted = 0;
        let elapsed = 0;
        for (const wait of waits) {
          time.advance(wait);
          elapsed += wait;
          if (one.take('a', rate) === 0) admitted += 1;
          expect(admitted).toBeLessThanOrEqual(rate.burst + (elapsed * rate.perMinute) / 60_000 + 1e-6);
        }
      }),
    );
  });
});
