import type { Clock } from './clock.js';

/** Work that is done again and again, a while after it was done last; never twice at once. Does not keep the process alive. */
export class Rounds {
  private cancel: () => void = () => undefined;
  private stopped = false;
  private current: Promise<void> = Promise.resolve();

  /**
   * @param everyMs from the end of a round to the next one
   * @param work takes care of its own errors
   * @param firstMs from the start to the first round
   */
  constructor(
    private readonly clock: Clock,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly firstMs = everyMs,
  ) {}

  /** The first round is a while from now. */
  start(): void {
    this.wait(this.firstMs);
  }

  /** Resolves when a round that is under way has ended; there is no other one. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.current;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  private wait(delayMs: number): void {
    if (this.stopped) return;
    this.cancel = this.clock.after(delayMs, () => {
      this.current = this.work().finally(() => {
        this.wait(this.everyMs);
      });
    });
  }
}
