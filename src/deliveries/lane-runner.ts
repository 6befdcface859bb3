import { Carrier } from './carrier.js';
import type { DestinationParts, Target } from './destination-parts.js';
import { Hand, type HeldLane } from './hand.js';
import { ParcelPacker, type Task } from './parcel-packer.js';
import { WHOLE } from './pause-book.js';
import { type DueQuestion, takeDue, takeProbe } from './sql/take-due.js';

/** Enough to keep the lanes busy between two reads. */
const CHUNK = 500;
const LOW_WATER = 250;

/** What the owner of a destination hears of it. */
export interface RunnerEvents {
  /** Something has ended, or was read: there may be more to do. */
  onProgress: () => void;
  /** Deliveries wait for their time now. */
  onWaiting: () => void;
  onFault: (error: unknown) => void;
}

/** Reads what is due for one destination and works its lanes side by side, each in order. */
export class LaneRunner {
  private readonly hand = new Hand();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly carrier: Carrier;
  private readonly packer: ParcelPacker;
  private reading: Promise<void> | undefined;
  /** Something may be due that has not been read. */
  private mayHaveMore = true;
  /** What stands first had to wait for the account's rate: more of its lane may have been accepted meanwhile. */
  private hasWaitedForRate = false;
  /** Grows whenever what was read is forgotten, what is being read included. */
  private generation = 0;
  private stopped = false;

  constructor(
    private readonly parts: DestinationParts,
    private readonly events: RunnerEvents,
  ) {
    this.carrier = new Carrier(parts);
    this.packer = new ParcelPacker(parts);
  }

  get isIdle(): boolean {
    return this.inFlight.size === 0 && this.hand.size === 0 && !this.reading && !this.mayHaveMore;
  }

  /** Deliveries are ready and only the account's rate keeps them. */
  get waitsForRate(): boolean {
    return this.hand.hasReady && this.parts.pacer.waitMs > 0;
  }

  /** There may be more to read. */
  lookAgain(): void {
    this.mayHaveMore = true;
  }

  /** Begins nothing more. */
  stop(): void {
    this.stopped = true;
  }

  /** Forgets what was read and not begun: it is read anew. */
  drop(): void {
    this.generation += 1;
    this.hand.drop();
    this.mayHaveMore = true;
  }

  /** After a fault, when everything has landed: also lanes that were taken up and then not worked are free. */
  clear(): void {
    this.generation += 1;
    this.hand.clear();
    this.mayHaveMore = true;
  }

  /** Resolves when nothing is being read or sent. */
  async landed(): Promise<void> {
    while (this.reading || this.inFlight.size > 0) await Promise.all([this.reading, ...this.inFlight]);
  }

  /** Begins as much as there is place for and the rate allows. */
  async run(target: Target): Promise<void> {
    if (this.mayHaveMore && this.hand.size < LOW_WATER) {
      const reading = this.read(target);
      if (!this.hand.hasReady) await reading;
    }
    const { pacer } = this.parts;
    while (this.mayBegin(target)) {
      const inHurry = this.hasWaitedForRate || this.hand.size > pacer.available;
      const task = await this.packer.next(this.hand, target, inHurry);
      if (!task) break;
      void this.launch(task, target);
    }
    this.hasWaitedForRate = this.waitsForRate;
  }

  private mayBegin({ notifier }: Target): boolean {
    const { pacer, pauses } = this.parts;
    return !this.stopped && !pauses.whole && this.inFlight.size < notifier.lanesAtOnce && pacer.available > 0;
  }

  /** Tries one message of a paused channel, or of a paused destination (`WHOLE`). */
  async probe(target: Target, channel: string): Promise<void> {
    await this.reading;
    while (!this.stopped) {
      const delivery = await takeProbe(this.parts.db, this.question(target, channel === WHOLE ? null : channel));
      if (!delivery) break;
      const [item] = await this.parts.book.prepare([delivery], target.destination, target.notifier);
      const task = item && this.packer.alone(this.hand, this.hand.addBusy(item), false);
      if (!task) break;
      const landing = this.launch(task, target);
      if (task.kind === 'send') return;
      // It had nothing to say: the next may.
      await landing;
    }
    // Nothing waits for the channel any more.
    if (channel !== WHOLE) await this.parts.pauses.end(channel);
  }

  private launch(task: Task, target: Target): Promise<void> {
    if (task.kind === 'send') this.parts.pacer.take();
    const landing = this.perform(task, target)
      .then((goesOn) => {
        this.free(task.lanes, goesOn);
      })
      .catch((error: unknown) => {
        this.free(task.lanes, false);
        this.events.onFault(error);
      })
      .finally(() => {
        this.inFlight.delete(landing);
        this.events.onProgress();
      });
    this.inFlight.add(landing);
    return landing;
  }

  private async perform(task: Task, target: Target): Promise<boolean> {
    if (task.kind === 'send') return this.carrier.carry(task.parcel, target);
    await this.carrier.endUnsent(task.item, task.composition);
    return true;
  }

  private free(lanes: readonly HeldLane[], goesOn: boolean): void {
    for (const lane of lanes) this.hand.free(lane, goesOn);
    if (!goesOn) this.events.onWaiting();
    // What was accepted meanwhile for a lane in hand was not read with the rest.
    this.mayHaveMore = true;
  }

  private read(target: Target): Promise<void> {
    this.reading ??= this.readDue(target)
      .catch(this.events.onFault)
      .finally(() => {
        this.reading = undefined;
        this.events.onProgress();
      });
    return this.reading;
  }

  private async readDue(target: Target): Promise<void> {
    const { generation } = this;
    this.mayHaveMore = false;
    const due = await takeDue(this.parts.db, this.question(target, null), CHUNK);
    if (due.length === CHUNK) this.mayHaveMore = true;
    const prepared = await this.parts.book.prepare(due, target.destination, target.notifier);
    if (generation === this.generation) this.hand.add(prepared);
  }

  private question({ destination, notifier }: Target, onlyChannel: string | null): DueQuestion {
    return {
      destinationId: destination.id,
      now: this.parts.clock.now(),
      lanesInHand: this.hand.names,
      defaultChannel: notifier.channelFor({}, destination),
      pausedChannels: onlyChannel === null ? this.parts.pauses.channels : [],
      onlyChannel,
    };
  }
}
