import fc from 'fast-check';
import { SandboxRateLimit } from '../sandbox/sandbox-rate-limit.js';
import { RateBudget } from './rate-budget.js';

const MINUTE = 60_000;
const LONGEST_LATENCY_MS = 400;

/** A clock, and a budget that goes by it. */
function makeBudget(): { budget: RateBudget; at: (ms: number) => void } {
  let now = 0;
  return { budget: new RateBudget(() => now), at: (ms) => (now = ms) };
}

/** What a client that always has something to send got through, minute by minute; and how often it was refused. */
interface Run {
  taken: number[];
  refused: number;
}

/**
 * @param latencyMs of the next request on its way, and of the next answer
 * @param othersEveryMs another client of the account makes a request, as a rule never
 */
function drive(limit: number, minutes: number, latencyMs: () => number, othersEveryMs = Infinity): Run {
  const { budget, at } = makeBudget();
  const server = new SandboxRateLimit(limit);
  const run: Run = { taken: Array.from({ length: minutes }, () => 0), refused: 0 };
  let due: { time: number; happen: () => void }[] = [];
  const send = (now: number): void => {
    budget.take();
    due.push({ time: now + latencyMs(), happen: arrive });
  };
  let now = 0;
  const arrive = (): void => {
    const { retryAfter, remaining } = server.take(now);
    const minute = Math.floor(now / MINUTE);
    if (retryAfter === undefined) run.taken[minute] = (run.taken[minute] ?? 0) + 1;
    else run.refused += 1;
    const answer = (): void => {
      budget.learn({ limit, remaining });
    };
    due.push({ time: now + latencyMs(), happen: answer });
  };
  // The first answer tells the limit.
  send(0);
  let others = 0;
  while (now < minutes * MINUTE) {
    at(now);
    if (now >= others) {
      server.take(now);
      others += othersEveryMs;
    }
    const happening = due.filter(({ time }) => time <= now);
    due = due.filter(({ time }) => time > now);
    for (const { happen } of happening) happen();
    const isLimitKnown = now >= 2 * LONGEST_LATENCY_MS;
    while (isLimitKnown && budget.available > 0) send(now);
    const freeAt = isLimitKnown ? now + Math.max(1, Math.ceil(budget.waitMs)) : 2 * LONGEST_LATENCY_MS;
    now = Math.max(now + 1, Math.min(freeAt, others, ...due.map(({ time }) => time)));
  }
  return run;
}

describe('RateBudget', () => {
  it('counts no request that is not made', () => {
    const { budget } = makeBudget();
    budget.setLimit(4);
    budget.take();
    budget.take();
    expect(budget.available).toBe(0);
    budget.giveBack();
    expect(budget.available).toBe(1);
    budget.giveBack();
    budget.giveBack();
    expect(budget.available).toBe(2);
  });

  it('lets everything go while no limit is known', () => {
    const { budget } = makeBudget();
    for (let count = 0; count < 5_000; count += 1) budget.take();
    expect(budget.available).toBe(Infinity);
    expect(budget.waitMs).toBe(0);
  });

  it('lets half of the limit go at once, then one after the other', () => {
    const { budget, at } = makeBudget();
    budget.setLimit(10);
    expect(budget.available).toBe(5);
    for (let count = 0; count < 5; count += 1) budget.take();
    expect(budget.available).toBe(0);
    at(budget.waitMs);
    expect(budget.available).toBe(1);
    expect(budget.waitMs).toBe(0);
  });

  it('never lets more than the limit go in a minute, and lets it all go', () => {
    const { budget, at } = makeBudget();
    budget.setLimit(10);
    const times: number[] = [];
    for (let now = 0; now < 10 * MINUTE; now += 100) {
      at(now);
      while (budget.available > 0) {
        budget.take();
        times.push(now);
      }
    }
    for (const from of times) {
      expect(times.filter((time) => time >= from && time < from + MINUTE).length).toBeLessThanOrEqual(10);
    }
    // The last minute, long after the burst.
    expect(times.filter((time) => time >= 9 * MINUTE).length).toBeGreaterThanOrEqual(9);
  });

  it('never stalls after its burst: waits are a fraction of the minute', () => {
    const { budget, at } = makeBudget();
    budget.setLimit(200);
    const waits: number[] = [];
    for (let now = 0; now < 5 * MINUTE; now += budget.waitMs) {
      at(now);
      budget.take();
      waits.push(budget.waitMs);
    }
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  it('takes over what other clients of the account used', () => {
    const { budget, at } = makeBudget();
    budget.take();
    budget.learn({ limit: 100, remaining: 20 });
    expect(budget.available).toBe(0);
    at(budget.waitMs);
    expect(budget.waitMs).toBe(0);
    expect(budget.available).toBe(1);
  });

  it('tells what is left of the minute, however it is spread', () => {
    const { budget, at } = makeBudget();
    expect([budget.most, budget.left]).toEqual([Infinity, Infinity]);
    budget.setLimit(4);
    for (let count = 0; count < 3; count += 1) budget.take();
    expect([budget.most, budget.left, budget.available]).toEqual([4, 1, 0]);
    budget.block(1_000);
    expect([budget.most, budget.left]).toEqual([4, 0]);
    at(61_000);
    expect(budget.left).toBe(4);
  });

  it('waits until the oldest is a minute old when nothing is left', () => {
    const { budget, at } = makeBudget();
    budget.take();
    at(10_000);
    budget.take();
    budget.setLimit(2);
    expect(budget.waitMs).toBeGreaterThanOrEqual(50_000);
    expect(budget.waitMs).toBeLessThan(51_000);
  });

  it('does nothing for as long as it was told, in fractions of a second', () => {
    const { budget, at } = makeBudget();
    budget.block(1_250.5);
    budget.block(300);
    expect(budget.available).toBe(0);
    expect(budget.waitMs).toBe(1_250.5);
    at(1_250);
    expect(budget.available).toBe(0);
    at(1_251);
    expect(budget.available).toBe(Infinity);
  });

  it.each([200, 20])('is never refused at %d a minute, and uses nine tenths of it', (limit) => {
    const latency = fc.array(fc.integer({ min: 0, max: LONGEST_LATENCY_MS }), { minLength: 1, maxLength: 40 });
    const property = fc.property(latency, (latencies) => {
      let next = 0;
      const run = drive(limit, 6, () => latencies[next++ % latencies.length] ?? 0);
      expect(run.refused).toBe(0);
      for (const taken of run.taken) expect(taken).toBeGreaterThanOrEqual(0.9 * limit);
    });
    fc.assert(property, { numRuns: 8 });
  });

  it('is never refused beside another client of the same account', () => {
    expect(drive(200, 5, () => 100, 1_000).refused).toBe(0);
  });
});
