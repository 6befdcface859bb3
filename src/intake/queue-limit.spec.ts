import { QueueLimit } from './queue-limit.js';

/** Many full batches that took so long each. */
const after = (ms: number, webhooks = 256): QueueLimit => {
  const limit = new QueueLimit();
  for (let batch = 0; batch < 100; batch += 1) limit.learn(webhooks, ms);
  return limit;
};

describe('QueueLimit', () => {
  it('begins with what a modest database takes in an eighth of a second', () => {
    expect(new QueueLimit().webhooks).toBe(500);
  });

  it.each([
    ['as much as is taken in an eighth of a second', 32, 1_000],
    ['never more than memory is meant for', 1, 5_000],
    ['never less than a batch', 2_000, 256],
  ])('lets in %s', (_story, ms, webhooks) => {
    expect(after(ms).webhooks).toBe(webhooks);
  });

  it('learns nothing from small batches, which are slow for each of their webhooks', () => {
    expect(after(20, 31).webhooks).toBe(500);
  });

  it('forgets a commit that something held up', () => {
    const limit = after(32);
    limit.learn(256, 2_000);
    expect(limit.webhooks).toBeLessThan(1_000);
    for (let batch = 0; batch < 30; batch += 1) limit.learn(256, 32);
    expect(limit.webhooks).toBeGreaterThan(980);
  });
});
