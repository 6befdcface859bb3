import { Logger } from '@nestjs/common';
import { MemorySnapshot } from './memory-snapshot.js';

/** Reads when it is told to. */
class Told extends MemorySnapshot {
  readonly tables = ['tests'];
  begun = 0;
  private end: (error?: Error) => void = () => undefined;

  protected override read(): Promise<void> {
    this.begun += 1;
    return new Promise((resolve, reject) => {
      this.end = (error) => {
        if (error) reject(error);
        else resolve();
      };
    });
  }

  async finish(error?: Error): Promise<void> {
    this.end(error);
    await settle();
  }
}

/** Lets everything run that waits for nothing; Jest's timers stand still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('MemorySnapshot', () => {
  let snapshot: Told;
  let changes: number;

  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    snapshot = new Told();
    changes = 0;
    snapshot.onChange(() => (changes += 1));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('makes one more reading for all who ask while one is under way', async () => {
    const all = [snapshot.reload()];
    await settle();
    all.push(snapshot.reload(), snapshot.refresh(), snapshot.reload());
    await snapshot.finish();
    expect([snapshot.begun, changes]).toEqual([2, 1]);
    await snapshot.finish();
    await Promise.all(all);
    expect([snapshot.begun, changes]).toEqual([2, 2]);
  });

  it('tells nobody of a reading that failed, and goes on with those who asked meanwhile', async () => {
    const failing = expect(snapshot.reload()).rejects.toThrow('away');
    await settle();
    const next = snapshot.reload();
    await snapshot.finish(new Error('away'));
    await failing;
    expect(changes).toBe(0);
    await snapshot.finish();
    await next;
    expect(changes).toBe(1);
  });

  it('refreshes once more a second after it could not, however often it was asked', async () => {
    const asked = [snapshot.refresh(), snapshot.refresh()];
    await settle();
    await snapshot.finish(new Error('away'));
    await Promise.all(asked);
    jest.advanceTimersByTime(1_000);
    await settle();
    expect(snapshot.begun).toBe(2);
    await snapshot.finish();
    jest.advanceTimersByTime(60_000);
    await settle();
    expect([snapshot.begun, changes]).toEqual([2, 1]);
  });

  it('is stale from a change that could not be read until it is', async () => {
    expect(snapshot.staleMs).toBe(0);
    const asked = snapshot.refresh();
    await settle();
    await snapshot.finish(new Error('away'));
    await asked;
    jest.advanceTimersByTime(1_000);
    await settle();
    await snapshot.finish(new Error('still away'));
    jest.advanceTimersByTime(999);
    expect(snapshot.staleMs).toBe(1_999);
    jest.advanceTimersByTime(1);
    await settle();
    await snapshot.finish();
    expect(snapshot.staleMs).toBe(0);
  });

  it('asks no more when the gateway has ended', async () => {
    const asked = snapshot.refresh();
    await settle();
    snapshot.onModuleDestroy();
    await snapshot.finish(new Error('away'));
    await asked;
    jest.advanceTimersByTime(60_000);
    await settle();
    expect(snapshot.begun).toBe(1);
  });

  it('is not hindered by a listener that throws', async () => {
    const quiet = new Told();
    quiet.onChange(() => {
      throw new Error('no');
    });
    quiet.onChange(() => (changes += 1));
    const asked = quiet.reload();
    await settle();
    await quiet.finish();
    await asked;
    expect(changes).toBe(1);
  });
});
