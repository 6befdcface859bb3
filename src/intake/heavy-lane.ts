/** From this size on a webhook keeps the process busy for milliseconds. */
export const HEAVY_BYTES = 65_536;
/** Of heavy webhooks that are being read or wait for their turn, in memory: as much as the queue before the database holds. */
const MOST_BYTES = 134_217_728;

/**
 * Has large webhooks taken one after the other, so that each commit waits for one of them at most: four senders of 1 MB
 * without end left a tenth of the others' throughput when each took its turn with all (measured).
 */
export class HeavyLane {
  private bytes = 0;
  private turn: Promise<void> = Promise.resolve();

  /** How full it is: from 1 on, no more come in. */
  get fill(): number {
    return this.bytes / MOST_BYTES;
  }

  /** @returns whether there is room for more; then so many bytes count until they `leave` */
  enter(bytes: number): boolean {
    if (this.fill >= 1) return false;
    this.bytes += bytes;
    return true;
  }

  leave(bytes: number): void {
    this.bytes -= bytes;
  }

  /** Does `work` when all that came before has been done. @throws what it throws */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    const ended = (): void => undefined;
    this.turn = result.then(ended, ended);
    return result;
  }
}
