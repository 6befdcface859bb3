import { FakeClock } from '../../../test/support/fake-clock.js';
import { ExpiringCache } from './expiring-cache.js';

describe('an expiring cache', () => {
  let clock: FakeClock;
  let cache: ExpiringCache<string[] | null>;

  beforeEach(() => {
    clock = new FakeClock();
    cache = new ExpiringCache(clock, 3);
  });

  it('remembers for as long as it is told', () => {
    cache.set('a', ['1'], 100);
    cache.set('b', null, 50);
    clock.advance(49);
    expect([cache.get('a'), cache.get('b')]).toEqual([['1'], null]);
    clock.advance(1);
    expect([cache.get('a'), cache.get('b')]).toEqual([['1'], undefined]);
    clock.advance(50);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('remembers anew what it is told again', () => {
    cache.set('a', ['1'], 100);
    clock.advance(99);
    cache.set('a', ['2'], 100);
    clock.advance(99);
    expect(cache.get('a')).toEqual(['2']);
  });

  it('forgets first what was used longest ago', () => {
    for (const key of ['a', 'b', 'c']) cache.set(key, [key], 100);
    cache.get('a');
    cache.set('d', ['d'], 100);
    expect(cache.size).toBe(3);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key)?.[0])).toEqual(['a', undefined, 'c', 'd']);
  });
});
