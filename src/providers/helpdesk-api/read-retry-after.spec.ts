import { readRetryAfter } from './read-retry-after.js';

const NOW = new Date('2026-07-01T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['30', 30_000],
    [' 0 ', 0],
    ['Wed, 01 Jul 2026 12:01:00 GMT', 60_000],
    ['Wed, 01 Jul 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['99999999999999999999', undefined],
  ])('%p asks to wait %p ms', (value, expected) => {
    expect(readRetryAfter(value, NOW)).toBe(expected);
  });
});
