import { QueueLimit } from './queue-limit.js';

/** Many full batches that took so long each. */
const after = (ms: number, webhooks = 256): QueueLimit => {
  const limit = new QueueLimit();
  for (let batch = 0; batch < 100; batch += 1) limit.learn(webhooks, ms);
  return limit;
};

describe('QueueLimit', () => {
  it('begins with what a modest database takes in 40 ms', () => {
    expect(new QueueLimit().webhooks).toBe(160);
  });

  it.each([
    ['as much as is taken in 40 ms', 32, 320],
    ['never more than memory is meant for', 1, 5_000],
    ['a few whatever happens', 2_000, 64],
  ])('lets in %s', (_story, ms, webhooks) => {
    expect(after(ms).webhooks).toBe(webhooks);
  });

  it('learns nothing from small batches, which are slow for each of their webhooks', () => {
    expect(after(20, 31).webhooks).toBe(160);
  });

  it('forgets a commit that something held up', () => {
    const limit = after(32);
    limit.learn(256, 2_000);
    expect(limit.webhooks).toBeLessThan(320);
    for (let batch = 0; batch < 30; batch += 1) limit.learn(256, 32);
    expect(limit.webhooks).toBeGreaterThan(310);
  });
});
