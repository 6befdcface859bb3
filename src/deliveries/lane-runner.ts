import { Carrier } from './carrier.js';
import type { DestinationParts, Target } from './destination-parts.js';
import { Hand, type HeldLane } from './hand.js';
import { ParcelPacker, type Task } from './parcel-packer.js';
import { WHOLE } from './pause-book.js';
import { type DueDelivery, type DueQuestion, takeDue, takeProbe } from './sql/take-due.js';
import type { Prepared } from './threads/thread-book.js';

/** Enough to keep the lanes busy between two reads. */
const CHUNK = 500;
const LOW_WATER = 250;
/** Deliveries that wait for what their helpdesks say; beyond that nothing more is read. */
const MOST_ASKED_FOR = 2_000;

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
  /** What helpdesks are asked for, lanes of others going on meanwhile. */
  private readonly asking = new Set<Promise<void>>();
  private askedFor = 0;
  /** Something may be due that has not been read. */
  private mayHaveMore = true;
  /** Some of it may be new, not a replay. */
  private mayHaveLive = true;
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
    const isStill = this.inFlight.size === 0 && this.asking.size === 0 && !this.reading;
    return isStill && this.hand.size === 0 && !this.mayHaveMore;
  }

  /** Deliveries are ready and only the account's rate keeps them. */
  get waitsForRate(): boolean {
    return this.hand.hasReady && this.parts.pacer.waitMs > 0;
  }

  /** There may be more to read. */
  lookAgain(): void {
    this.mayHaveMore = true;
    this.mayHaveLive = true;
  }

  /** Begins nothing more. */
  stop(): void {
    this.stopped = true;
  }

  /** Forgets what was read and not begun: it is read anew. */
  drop(): void {
    this.generation += 1;
    this.hand.drop();
    this.lookAgain();
  }

  /** After a fault, when everything has landed: also lanes that were taken up and then not worked are free. */
  clear(): void {
    this.generation += 1;
    this.hand.clear();
    this.lookAgain();
  }

  /** Resolves when nothing is being read or sent. */
  async landed(): Promise<void> {
    while (this.reading || this.inFlight.size > 0 || this.asking.size > 0) {
      await Promise.all([this.reading, ...this.inFlight, ...this.asking]);
    }
  }

  /** Begins as much as there is place for and the rate allows. */
  async run(target: Target): Promise<void> {
    if (this.isToRead) {
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

  private get isToRead(): boolean {
    if (this.askedFor >= MOST_ASKED_FOR) return false;
    // Replays in hand, however many, keep nobody waiting for what is new.
    return this.hand.size < LOW_WATER ? this.mayHaveMore : this.mayHaveLive && this.hand.liveSize < LOW_WATER;
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
      const due = await this.parts.enrichment.enrich([delivery]);
      const [item] = await this.parts.book.prepare(due, target.destination, target.notifier);
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
    this.mayHaveLive ||= lanes.some(({ isLate }) => !isLate);
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
    const isLiveOnly = this.hand.size >= LOW_WATER;
    this.mayHaveMore = isLiveOnly;
    this.mayHaveLive = false;
    const due = await takeDue(this.parts.db, this.question(target, null), CHUNK, isLiveOnly);
    if (due.length === CHUNK) this.lookAgain();
    const isToBeAsked = this.askWhich(due);
    const atOnce = due.filter((delivery) => !isToBeAsked(delivery));
    const prepared = await this.parts.book.prepare(atOnce, target.destination, target.notifier);
    if (generation !== this.generation) return;
    this.hand.add(prepared);
    const later = due.filter(isToBeAsked);
    if (later.length > 0) this.askFor(later, target);
  }

  /** @returns whether a delivery's helpdesk can be asked for more; a source is looked at once */
  private askWhich(due: readonly DueDelivery[]): (delivery: DueDelivery) => boolean {
    const { enrichment } = this.parts;
    const sources = new Set(due.map((delivery) => delivery.source_id));
    const asked = new Set([...sources].filter((id) => enrichment.concerns(id)));
    return ({ source_id: id }) => asked.has(id);
  }

  /** Prepares deliveries with what their helpdesk says; only their own lanes wait for that. */
  private askFor(due: readonly DueDelivery[], target: Target): void {
    const { generation } = this;
    const lanes = this.hand.reserve(new Set(due.map((delivery) => delivery.lane)));
    this.askedFor += due.length;
    const asking = this.prepareWithNames(due, target)
      .catch((error: unknown): Prepared[] => {
        this.events.onFault(error);
        return [];
      })
      .then((prepared) => {
        this.hand.fill(lanes, generation === this.generation ? prepared : []);
      })
      .finally(() => {
        this.askedFor -= due.length;
        this.asking.delete(asking);
        this.lookAgain();
        this.events.onProgress();
      });
    this.asking.add(asking);
  }

  private async prepareWithNames(due: readonly DueDelivery[], target: Target): Promise<Prepared[]> {
    const enriched = await this.parts.enrichment.enrich(due);
    return this.parts.book.prepare(enriched, target.destination, target.notifier);
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
