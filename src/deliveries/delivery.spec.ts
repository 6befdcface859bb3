import { laneOf } from './delivery.js';

describe('laneOf', () => {
  it('is the ticket of its source, or the source', () => {
    expect(laneOf('source-a', '9')).toBe('source-a/9');
    expect(laneOf('source-a', undefined)).toBe('source-a');
  });
});
