import { FIRST_LATE_SEQUENCE, isLateLane, laneOf, lateLaneOf } from './delivery.js';

describe('laneOf', () => {
  it('is the ticket of its source, or the source', () => {
    expect(laneOf('source-a', '9')).toBe('source-a/9');
    expect(laneOf('source-a', undefined)).toBe('source-a');
  });
});

describe('late deliveries', () => {
  it('have a lane beside that of their ticket', () => {
    expect(lateLaneOf('source-a/9')).toBe('late:source-a/9');
    expect([isLateLane('late:source-a/9'), isLateLane('source-a/late:9')]).toEqual([true, false]);
  });

  it('have sequences that are told apart as numbers', () => {
    const last = FIRST_LATE_SEQUENCE * 2 - 1;
    expect([Number.isSafeInteger(last), last - 1 < last]).toEqual([true, true]);
  });
});
