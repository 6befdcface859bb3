import { QueueLimit } from './queue-limit.js';

/** Many batches that took so long each, and somebody who was refused just now. */
const after = (ms: number, webhooks = 256): QueueLimit => {
  const limit = new QueueLimit();
  for (let batch = 0; batch < 100; batch += 1) limit.learn(webhooks, ms);
  limit.refused(0);
  return limit;
};

describe('QueueLimit', () => {
  it('lets a burst in, and another one a second after the last refusal', () => {
    const limit = after(32);
    expect(new QueueLimit().webhooks(0)).toBe(360);
    expect(limit.webhooks(1_000)).toBe(240);
    expect(limit.webhooks(1_001)).toBe(500);
    limit.refused(1_001);
    expect(limit.webhooks(2_001)).toBe(240);
  });

  it.each([
    ['what a modest database takes in 30 ms, before anything is known', new QueueLimit(), 120],
    ['as much as is taken in 30 ms', after(32), 240],
    ['never more than a burst', after(1), 500],
    ['a few whatever happens', after(2_000), 64],
    ['nothing less for small batches, which are slow for each of their webhooks', after(20, 31), 120],
    ['more where small batches are faster', after(2, 16), 240],
  ])('lets in %s', (_story, limit, webhooks) => {
    limit.refused(0);
    expect(limit.webhooks(0)).toBe(webhooks);
  });

  it.each([
    ['of what is taken in 90 ms', after(64), 360],
    ['never of more than 500', after(16), 500],
    ['of a few hundred on any database', after(2_000), 200],
  ])('lets in a burst %s', (_story, limit, webhooks) => {
    expect(limit.webhooks(1_001)).toBe(webhooks);
  });

  it('forgets a commit that something held up', () => {
    const limit = after(32);
    limit.learn(256, 2_000);
    expect(limit.webhooks(0)).toBe(64);
    for (let batch = 0; batch < 40; batch += 1) limit.learn(256, 32);
    expect(limit.webhooks(0)).toBeGreaterThan(230);
  });
});
