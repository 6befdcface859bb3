import { canBecome, DELIVERY_STATES, isFinal, laneOf } from './delivery.js';

describe('the states of a delivery', () => {
  it('ends for good: nothing leaves a final state', () => {
    const final = DELIVERY_STATES.filter((state) => isFinal(state));
    expect(final).toEqual(['delivered', 'dead', 'cancelled', 'skipped']);
    for (const from of final) {
      for (const to of DELIVERY_STATES) expect(canBecome(from, to)).toBe(false);
    }
  });

  it('cannot be cancelled or skipped while it is being sent', () => {
    expect(canBecome('sending', 'cancelled')).toBe(false);
    expect(canBecome('sending', 'skipped')).toBe(false);
    expect(canBecome('pending', 'cancelled')).toBe(true);
  });
});

describe('laneOf', () => {
  it('is the ticket of its source, or the source', () => {
    expect(laneOf('source-a', '9')).toBe('source-a/9');
    expect(laneOf('source-a', undefined)).toBe('source-a');
  });
});
