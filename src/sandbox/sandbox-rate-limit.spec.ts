import fc from 'fast-check';
import { runToEnd } from '../../test/support/run-to-end.js';
import { SandboxRateLimit } from './sandbox-rate-limit.js';

const MINUTE = 60_000;

describe('the rate limit', () => {
  it('lets in so many requests in any minute, and no fewer', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 80 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), pauses, (limit, waits) => {
        const rate = new SandboxRateLimit(limit);
        const letIn: number[] = [];
        let now = 1_000_000;
        for (const wait of waits) {
          now += wait;
          const recent = letIn.filter((time) => time > now - MINUTE).length;
          const verdict = rate.take(now);
          expect(verdict.retryAfter === undefined).toBe(recent < limit);
          expect(verdict.remaining).toBe(Math.max(limit - recent - 1, 0));
          if (verdict.retryAfter === undefined) letIn.push(now);
        }
      }),
    );
  });

  it('lets in whoever waited as long as told', () => {
    const rate = new SandboxRateLimit(2);
    rate.take(0);
    rate.take(12_345);
    const { retryAfter = 0, resetAt } = rate.take(20_000);
    expect([retryAfter, resetAt]).toEqual([40, 60]);
    expect(rate.take(20_000 + retryAfter * 1_000 - 1).retryAfter).toBe(0.001);
    expect(rate.take(20_000 + retryAfter * 1_000).retryAfter).toBeUndefined();
  });

  it('stays quick at a limit that nobody reaches', () => {
    const rate = new SandboxRateLimit(1_000_000);
    runToEnd(() => {
      for (let now = 0; now < 500_000; now += 1) rate.take(now);
    });
  });
});
