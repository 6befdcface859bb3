import { Logger } from '@nestjs/common';
import { FakeClock } from '../../test/support/fake-clock.js';
import { Problem } from '../http/problem.js';
import { AttemptLimiter } from './attempt-limiter.js';

const ADDRESS = '192.0.2.1';
const VALID = Buffer.from('the valid one');
/** What a key opens; the tests need no more of it. */
const FOUND = 'found';

describe('AttemptLimiter', () => {
  let clock: FakeClock;
  let limiter: AttemptLimiter;
  let asked: number;
  let warnings: unknown[];

  beforeEach(() => {
    warnings = [];
    const ignore = (): void => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (facts: unknown) => warnings.push(facts) });
    clock = new FakeClock();
    limiter = new AttemptLimiter(clock);
    asked = 0;
  });

  afterEach(() => {
    Logger.overrideLogger(true);
  });

  /** As the database does, not at once. @returns what became of it, in a word */
  const attempt = async (key: Buffer | undefined, address = ADDRESS): Promise<string> => {
    try {
      const found = await limiter.judge(address, key, async (hash) => {
        asked += 1;
        await Promise.resolve();
        return hash.equals(VALID) ? FOUND : null;
      });
      return found ?? 'wrong';
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return `${error.code} ${error.extra.retryAfterSeconds ?? ''}`;
    }
  };

  const wrong = (number: number): Buffer => Buffer.from(`wrong ${number}`);
  const count = (answers: readonly string[]): Record<string, number> =>
    Object.fromEntries([...new Set(answers)].map((answer) => [answer, answers.filter((one) => one === answer).length]));
  const guess = async (times: number, address = ADDRESS): Promise<string[]> => {
    const answers: string[] = [];
    for (let number = 0; number < times; number += 1) answers.push(await attempt(wrong(number), address));
    return answers;
  };

  it('lets twenty wrong keys in, then one every three seconds, and does not ask about others', async () => {
    expect(count(await guess(22))).toEqual({ wrong: 20, 'too_many_attempts 3': 2 });
    expect(asked).toBe(20);
    clock.advance(3_000);
    expect(await guess(2)).toEqual(['wrong', 'too_many_attempts 3']);
  });

  it('lets no more in when they all come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, number) => attempt(wrong(number))));
    expect(count(answers)).toEqual({ wrong: 20, 'too_many_attempts 3': 80 });
    expect(asked).toBe(20);
  });

  it('takes one wrong key at many requests for one guess, then for many', async () => {
    const burst = await Promise.all(Array.from({ length: 30 }, () => attempt(wrong(1))));
    expect(count(burst)).toEqual({ wrong: 30 });
    expect(await attempt(wrong(2))).toBe('too_many_attempts 3');
  });

  it('counts no valid key, however many requests it begins with', async () => {
    const burst = await Promise.all(Array.from({ length: 100 }, () => attempt(VALID)));
    expect(count(burst)).toEqual({ found: 100 });
    expect(count(await guess(21))).toEqual({ wrong: 20, 'too_many_attempts 3': 1 });
  });

  it('keeps in whoever was in, behind the same address, for an hour', async () => {
    await attempt(VALID);
    await guess(25);
    expect(await attempt(VALID)).toBe('found');
    expect(await attempt(VALID, '192.0.2.2')).toBe('found');
    clock.advance(3_600_000);
    await guess(25);
    expect(await attempt(VALID)).toBe('too_many_attempts 3');
  });

  it('counts what is no key of ours, without asking', async () => {
    const answers = [];
    for (let number = 0; number < 21; number += 1) answers.push(await attempt(undefined));
    expect(count(answers)).toEqual({ wrong: 20, 'too_many_attempts 3': 1 });
    expect(asked).toBe(0);
  });

  it('counts a network of IPv6 as one caller', async () => {
    await guess(20, '2001:db8:0:1::1');
    expect(await attempt(wrong(1), '2001:db8:0:1:ffff::2')).toBe('too_many_attempts 3');
    expect(await attempt(wrong(1), '2001:db8:0:2::1')).toBe('wrong');
  });

  it('counts nothing that nobody could judge', async () => {
    const away = (): Promise<string | null> => Promise.reject(new Error('the database is away'));
    for (let number = 0; number < 30; number += 1) {
      await expect(limiter.judge(ADDRESS, wrong(number), away)).rejects.toThrow('the database is away');
    }
    expect(await attempt(wrong(1))).toBe('wrong');
  });

  it('counts a key that was valid, and is no more', async () => {
    await attempt(VALID);
    const revoked = (): Promise<string | null> => Promise.resolve(null);
    expect(await limiter.judge(ADDRESS, VALID, revoked)).toBeNull();
    expect(count(await guess(20))).toEqual({ wrong: 19, 'too_many_attempts 3': 1 });
    await expect(limiter.judge(ADDRESS, VALID, revoked)).rejects.toThrow('Too many wrong API keys');
  });

  it('says so in the log once a minute and address, without any key', async () => {
    await guess(30);
    await guess(30, '192.0.2.2');
    clock.advance(59_999);
    await guess(30);
    expect(warnings).toEqual([{ address: '192.0.2.1' }, { address: '192.0.2.2' }]);
    clock.advance(1);
    await guess(30);
    expect(warnings).toHaveLength(3);
  });
});
