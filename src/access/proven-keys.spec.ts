import { FakeClock } from '../../test/support/fake-clock.js';
import { ProvenKeys } from './proven-keys.js';

const HOUR_MS = 3_600_000;

describe('ProvenKeys', () => {
  it('remembers a key for an hour after it was last used', () => {
    const clock = new FakeClock();
    const proven = new ProvenKeys(clock, 10);
    proven.add('a');
    clock.advance(HOUR_MS - 1);
    proven.add('a');
    clock.advance(HOUR_MS - 1);
    expect(proven.has('a')).toBe(true);
    clock.advance(1);
    expect(proven.has('a')).toBe(false);
  });

  it('forgets those that were used longest ago when there are too many, and one that is revoked', () => {
    const proven = new ProvenKeys(new FakeClock(), 2);
    proven.add('a');
    proven.add('b');
    proven.add('a');
    proven.add('c');
    expect(['a', 'b', 'c'].map((key) => proven.has(key))).toEqual([true, false, true]);
    proven.remove('a');
    expect(proven.has('a')).toBe(false);
  });
});
