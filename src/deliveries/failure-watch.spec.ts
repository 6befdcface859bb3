import { Logger } from '@nestjs/common';
import { FakeClock } from '../../test/support/fake-clock.js';
import type { DestinationFailures } from '../destinations/destination-failures.js';
import type { Failing } from '../destinations/failing.js';
import type { SendOutcome } from '../notifiers/notifier.js';
import { FailureWatch } from './failure-watch.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SENT: SendOutcome = { outcome: 'sent' };
const FAILED: SendOutcome = { outcome: 'retry', reason: 'server_error', inDoubt: false };
const REJECTED: SendOutcome = { outcome: 'rejected', reason: 'too_large' };
const GONE: SendOutcome = { outcome: 'rejected', reason: 'gone' };

/** What is on record, in memory. */
class Record {
  failing: Failing | null = null;
  disabled = 0;
  reads = 0;
  readonly find = (): Promise<Failing | null> => {
    this.reads += 1;
    return Promise.resolve(this.failing);
  };
  readonly save = (failing: Failing): Promise<void> => {
    this.failing = failing;
    return Promise.resolve();
  };
  readonly remove = (): Promise<void> => {
    this.failing = null;
    return Promise.resolve();
  };
  readonly disable = (failing: Failing): Promise<void> => {
    this.disabled += 1;
    return this.save(failing);
  };
}

describe('FailureWatch', () => {
  let clock: FakeClock;
  let record: Record;
  let watch: FailureWatch;
  const destination = { id: 'd', name: 'Hook', kind: 'webhook', settings: {}, secrets: {} };
  const hear = (outcome: SendOutcome): Promise<void> => watch.hear(outcome, destination);
  const newWatch = (): FailureWatch => new FailureWatch('d', record as unknown as DestinationFailures, clock);

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => {
    clock = new FakeClock();
    record = new Record();
    watch = newWatch();
  });

  it('asks nothing while all is well', async () => {
    for (let times = 0; times < 5; times += 1) await hear(SENT);
    expect(record.reads).toBe(1);
  });

  it('puts on record what lasts for a minute, and forgets it with a success', async () => {
    const since = clock.now();
    await hear(FAILED);
    clock.advance(59_000);
    await hear(REJECTED);
    expect(record.failing).toBeNull();
    clock.advance(1_000);
    await hear(FAILED);
    expect(record.failing).toEqual({ destination_id: 'd', since, warned_at: null, disabled_because: null });
    await hear(SENT);
    expect(record.failing).toBeNull();
    await hear(FAILED);
    expect(record.failing).toBeNull();
  });

  it('warns after four days and disables after five, across owners', async () => {
    const since = clock.now();
    for (let hours = 0; hours < 96; hours += 1) {
      await hear(FAILED);
      clock.advance(HOUR);
      if (hours % 10 === 9) watch = newWatch();
    }
    expect(record.failing).toMatchObject({ since, warned_at: null });
    await hear(FAILED);
    expect(record.failing).toMatchObject({ since, warned_at: clock.now() });
    clock.advance(DAY - 1);
    await hear(FAILED);
    expect(record.disabled).toBe(0);
    clock.advance(1);
    await hear(FAILED);
    expect([record.disabled, record.failing?.disabled_because]).toEqual([1, 'failing']);
  });

  it('never disables what was quiet without a day’s warning', async () => {
    await hear(FAILED);
    clock.advance(7 * DAY);
    await hear(FAILED);
    expect([record.disabled, record.failing?.warned_at]).toEqual([0, clock.now()]);
    clock.advance(DAY - 1);
    await hear(FAILED);
    expect(record.disabled).toBe(0);
    clock.advance(1);
    await hear(FAILED);
    expect(record.disabled).toBe(1);
  });

  it('disables at once what is gone, once, whatever else was in the air', async () => {
    await Promise.all([hear(GONE), hear(GONE), hear(SENT), hear(FAILED)]);
    expect([record.disabled, record.failing?.disabled_because]).toEqual([1, 'gone']);
  });

  it('begins anew after an admin has enabled it', async () => {
    await hear(GONE);
    record.failing = null;
    watch.forget();
    await hear(FAILED);
    clock.advance(6 * DAY);
    await hear(SENT);
    expect([record.disabled, record.failing]).toEqual([1, null]);
  });

  it('goes on after a fault of the database', async () => {
    jest.spyOn(record, 'find').mockRejectedValueOnce(new Error('away'));
    await expect(hear(FAILED)).rejects.toThrow('away');
    await hear(GONE);
    expect(record.disabled).toBe(1);
  });
});
