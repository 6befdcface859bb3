import { FakeClock } from '../../test/support/fake-clock.js';
import { within } from './within.js';

const never = new Promise<never>(() => undefined);

describe('waiting within a limit', () => {
  it('ends with the work', async () => {
    expect(await within(new FakeClock(), 10, Promise.resolve())).toBe(true);
  });

  it('ends with the limit', async () => {
    const clock = new FakeClock();
    const waiting = within(clock, 10, never);
    clock.advance(10);
    expect(await waiting).toBe(false);
  });

  it('throws what the work throws, but not what it throws later', async () => {
    const clock = new FakeClock();
    await expect(within(clock, 10, Promise.reject(new Error('no')))).rejects.toThrow('no');
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<void>((_resolve, reject) => (fail = reject));
    const waiting = within(clock, 10, work);
    clock.advance(10);
    expect(await waiting).toBe(false);
    fail(new Error('late'));
  });
});
