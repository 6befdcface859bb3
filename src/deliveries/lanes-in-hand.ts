import type { DueDelivery } from './sql/take-due.js';

/** Deliveries of one lane, in order of acceptance. */
export type Lane = [DueDelivery, ...DueDelivery[]];

/** The lanes that a worker has read and not yet finished: some are being worked, the others wait for a place. */
export class LanesInHand {
  private readonly working = new Map<string, Promise<void>>();
  private readonly waiting: Lane[] = [];
  private fault: { error: unknown } | undefined;

  /**
   * @param places how many lanes are worked side by side
   * @param work takes one lane as far as it goes; what it throws is kept until `throwFault`
   */
  constructor(
    private readonly places: number,
    private readonly work: (lane: Lane) => Promise<void>,
  ) {}

  /** Whether a place is free and nothing that was read waits for it. */
  get wantsMore(): boolean {
    return this.waiting.length === 0 && this.working.size < this.places;
  }

  /** Nothing is being worked; what waits is not begun by itself. */
  get areIdle(): boolean {
    return this.working.size === 0;
  }

  /** A lane has thrown: the others should end before anything is begun. */
  get failed(): boolean {
    return this.fault !== undefined;
  }

  /** Which lanes must not be read again yet. */
  get names(): string[] {
    return [...this.working.keys()];
  }

  /** Groups what was read by lane, each group and the groups among themselves in order of acceptance. */
  add(due: DueDelivery[]): void {
    const lanes = new Map<string, Lane>();
    for (const delivery of due) {
      const lane = lanes.get(delivery.lane);
      if (lane) lane.push(delivery);
      else lanes.set(delivery.lane, [delivery]);
    }
    this.waiting.push(...lanes.values());
  }

  /** Begins as many lanes as there are places. */
  beginNext(): void {
    while (this.working.size < this.places) {
      const lane = this.waiting.shift();
      if (!lane) return;
      const name = lane[0].lane;
      const end = this.work(lane)
        .catch((error: unknown) => {
          this.fault ??= { error };
        })
        .finally(() => this.working.delete(name));
      this.working.set(name, end);
    }
  }

  /** Resolves when any lane ends. */
  async nextEnd(): Promise<void> {
    await Promise.race(this.working.values());
  }

  /** Resolves when every lane that was begun has ended. */
  async allEnds(): Promise<void> {
    await Promise.all(this.working.values());
  }

  /** @throws the first error of any lane */
  throwFault(): void {
    if (this.fault) throw this.fault.error;
  }
}
