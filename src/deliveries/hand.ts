import { isLateLane } from './delivery.js';
import type { Prepared } from './threads/thread-book.js';

/** A lane of which deliveries have been read and not yet ended. */
export interface HeldLane {
  readonly name: string;
  /** Of replays, which give way to what is new. */
  readonly isLate: boolean;
  /** In order of acceptance; the head first. */
  waiting: Prepared[];
  /** A delivery of it is being worked. */
  busy: boolean;
}

/**
 * The lanes that a worker has read: some are being worked, the others wait for their turn, oldest first; late ones after all
 * others.
 */
export class Hand {
  private readonly lanes = new Map<string, HeldLane>();
  private ready: HeldLane[] = [];
  private readyLate: HeldLane[] = [];
  private idleCount = 0;
  private idleLate = 0;

  /** Takes in what was read, in order of acceptance. None of it is of a lane in hand. */
  add(items: readonly Prepared[]): void {
    for (const item of items) {
      const known = this.lanes.get(item.delivery.lane);
      if (known) {
        known.waiting.push(item);
      } else {
        const lane = this.open(item.delivery.lane, [item], false);
        this.queueOf(lane).push(lane);
      }
    }
    this.countRead(items);
  }

  /** Keeps lanes that are not in hand from being read: their deliveries have been, and come with `fill`. */
  reserve(names: ReadonlySet<string>): HeldLane[] {
    return [...names].map((name) => this.open(name, [], true));
  }

  /** Takes in what was read of reserved lanes, in order of acceptance; none = they are read anew. */
  fill(lanes: readonly HeldLane[], items: readonly Prepared[]): void {
    const byName = new Map(lanes.map((lane) => [lane.name, lane]));
    for (const item of items) byName.get(item.delivery.lane)?.waiting.push(item);
    this.countRead(items);
    for (const lane of lanes) this.free(lane, true);
  }

  /** Takes in one delivery of a lane that is not in hand, and works it at once. */
  addBusy(item: Prepared): HeldLane {
    const lane = this.open(item.delivery.lane, [item], true);
    this.count(lane, 1);
    return lane;
  }

  /** Which lanes must not be read again yet. */
  get names(): string[] {
    return [...this.lanes.keys()];
  }

  /** Deliveries that were read and wait for their turn. */
  get size(): number {
    return this.idleCount;
  }

  /** Those of them that are not late. */
  get liveSize(): number {
    return this.idleCount - this.idleLate;
  }

  get hasReady(): boolean {
    return this.ready.length > 0 || this.readyLate.length > 0;
  }

  /** @returns the lane that has waited longest, from now on busy */
  takeNext(): HeldLane | undefined {
    const lane = this.ready.shift() ?? this.readyLate.shift();
    if (lane) lane.busy = true;
    return lane;
  }

  /** @returns up to `most` further lanes that wait for their turn, longest first; they stay where they are */
  peek(most: number): HeldLane[] {
    const live = this.ready.slice(0, most);
    return [...live, ...this.readyLate.slice(0, most - live.length)];
  }

  /** Takes lanes out of their turn: they travel with another. */
  take(lanes: readonly HeldLane[]): void {
    const taken = new Set(lanes);
    for (const lane of lanes) lane.busy = true;
    this.ready = this.ready.filter((lane) => !taken.has(lane));
    this.readyLate = this.readyLate.filter((lane) => !taken.has(lane));
  }

  /** Removes deliveries from the head of a busy lane: they are being worked. */
  draw(lane: HeldLane, count: number): Prepared[] {
    const drawn = lane.waiting.splice(0, count);
    this.count(lane, -drawn.length);
    return drawn;
  }

  /** A busy lane of which nothing is in the air was read anew. */
  replace(lane: HeldLane, items: Prepared[]): void {
    this.count(lane, items.length - lane.waiting.length);
    lane.waiting = items;
  }

  /** A busy lane's deliveries have ended. @param goesOn whether the next of it may be worked, as far as it was read */
  free(lane: HeldLane, goesOn: boolean): void {
    lane.busy = false;
    if (goesOn && lane.waiting.length > 0) {
      this.queueOf(lane).push(lane);
    } else {
      this.lanes.delete(lane.name);
      this.count(lane, -lane.waiting.length);
      lane.waiting = [];
    }
  }

  /** Forgets everything, while nothing is being worked. */
  clear(): void {
    this.lanes.clear();
    this.forgetQueues();
  }

  /** Forgets what waits for its turn: it will be read anew. */
  drop(): void {
    for (const lane of this.lanes.values()) {
      lane.waiting = [];
      if (!lane.busy) this.lanes.delete(lane.name);
    }
    this.forgetQueues();
  }

  private open(name: string, waiting: Prepared[], busy: boolean): HeldLane {
    const lane: HeldLane = { name, isLate: isLateLane(name), waiting, busy };
    this.lanes.set(name, lane);
    return lane;
  }

  private queueOf({ isLate }: HeldLane): HeldLane[] {
    return isLate ? this.readyLate : this.ready;
  }

  private count({ isLate }: HeldLane, change: number): void {
    this.idleCount += change;
    if (isLate) this.idleLate += change;
  }

  private countRead(items: readonly Prepared[]): void {
    this.idleCount += items.length;
    this.idleLate += items.filter(({ delivery }) => isLateLane(delivery.lane)).length;
  }

  private forgetQueues(): void {
    this.ready = [];
    this.readyLate = [];
    this.idleCount = 0;
    this.idleLate = 0;
  }
}
