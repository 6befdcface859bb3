import type { ComposedMessage } from '../notifiers/notifier.js';
import type { DestinationParts, Target } from './destination-parts.js';
import type { Hand, HeldLane } from './hand.js';
import type { Parcel } from './parcel.js';
import { takeLane } from './sql/take-lane.js';
import type { Prepared, Unsent } from './threads/thread-book.js';

/** Deliveries that one message carries at most, however short they are. */
const MOST_JOINED = 100;
/** Lanes that are looked at for deliveries to the same place. */
const MOST_LANES = 200;

/** What is to be done next: send a message, or end a delivery that has nothing to say. */
export type Task =
  | { kind: 'send'; parcel: Parcel; lanes: readonly HeldLane[] }
  | { kind: 'end'; item: Prepared; composition: Unsent; lanes: readonly HeldLane[] };

/** Decides what goes out next, and what of it together. */
export class ParcelPacker {
  constructor(private readonly parts: DestinationParts) {}

  /**
   * Takes the next of the hand.
   *
   * @param inHurry whether deliveries wait for the account's rate: then those for one place are joined
   */
  async next(hand: Hand, target: Target, inHurry: boolean): Promise<Task | undefined> {
    for (let lane = hand.takeNext(); lane; lane = hand.takeNext()) {
      this.passOverPaused(hand, lane);
      const [head] = lane.waiting;
      if (!head) hand.free(lane, false);
      else if (inHurry && this.mayJoin(target, head)) return this.join(hand, lane, head, target);
      else return this.alone(hand, lane, inHurry);
    }
    return undefined;
  }

  /** Takes the head of a busy lane by itself, its channel paused or not. */
  alone(hand: Hand, lane: HeldLane, inHurry: boolean): Task | undefined {
    const [item] = hand.draw(lane, 1);
    if (!item) {
      hand.free(lane, false);
      return undefined;
    }
    const { composition } = item;
    if (composition.kind === 'unsent') return { kind: 'end', item, composition, lanes: [lane] };
    return { kind: 'send', parcel: { items: [item], message: composition.message, inHurry }, lanes: [lane] };
  }

  /** What is for a paused channel waits in the database; the lane goes on in others. */
  private passOverPaused(hand: Hand, lane: HeldLane): void {
    const isPaused = ({ composition }: Prepared): boolean =>
      composition.kind === 'message' && this.parts.pauses.find(composition.message.channel) !== undefined;
    while (lane.waiting[0] && isPaused(lane.waiting[0])) hand.draw(lane, 1);
  }

  private mayJoin({ destination, notifier }: Target, head: Prepared): boolean {
    return notifier.join !== undefined && destination.settings.join !== false && isJoinable(head, head.place);
  }

  private async join(hand: Hand, lane: HeldLane, head: Prepared, target: Target): Promise<Task | undefined> {
    await this.readAgain(hand, lane, head.place, target);
    this.passOverPaused(hand, lane);
    const place = lane.waiting[0]?.place ?? '';
    const others = hand.peek(MOST_LANES).filter(({ waiting }) => waiting[0] && isJoinable(waiting[0], place));
    const candidates = [lane, ...others]
      .flatMap((from) => run(from, place).map((item) => ({ from, item })))
      .sort((a, b) => Number(a.item.delivery.sequence) - Number(b.item.delivery.sequence))
      .slice(0, MOST_JOINED);
    const chosen = this.fitting(candidates, target);
    if (!chosen) return this.alone(hand, lane, true);
    const lanes = [...new Set(chosen.taken.map(({ from }) => from))];
    hand.take(lanes.filter((other) => other !== lane));
    for (const from of lanes) hand.draw(from, chosen.taken.filter((candidate) => candidate.from === from).length);
    // It stood first in turn, but others' deliveries were accepted before and fill the message.
    if (!lanes.includes(lane)) hand.free(lane, true);
    const [first, ...rest] = chosen.taken.map(({ item }) => item);
    return (
      first && { kind: 'send', parcel: { items: [first, ...rest], message: chosen.message, inHurry: true }, lanes }
    );
  }

  /** @returns as many of the candidates as one message holds, from the first on; undefined if that is one */
  private fitting<Candidate extends { item: Prepared }>(
    candidates: readonly Candidate[],
    { notifier }: Target,
  ): { taken: Candidate[]; message: ComposedMessage } | undefined {
    const messages = candidates.flatMap(({ item: { composition } }) =>
      composition.kind === 'message' ? [composition.message] : [],
    );
    let joined: ComposedMessage | undefined;
    let count = 1;
    while (count < messages.length) {
      const more = notifier.join?.(messages.slice(0, count + 1));
      if (!more) break;
      joined = more;
      count += 1;
    }
    return joined && { taken: candidates.slice(0, count), message: joined };
  }

  /**
   * Where all that was read of a lane goes to one place, more of it may. It is read from its beginning: what was committed
   * late may stand before what was read.
   */
  private async readAgain(hand: Hand, lane: HeldLane, place: string, target: Target): Promise<void> {
    const known = lane.waiting;
    if (known.length >= MOST_JOINED || run(lane, place).length < known.length) return;
    const { db, lease, book, enrichment } = this.parts;
    // What a helpdesk has to be asked for is not waited for here: all lanes would wait with it.
    if (known[0] && enrichment.concerns(known[0].delivery.source_id)) return;
    const due = await takeLane(db, lease.destinationId, lane.name, MOST_JOINED);
    const prepared = await book.prepare(due, target.destination, target.notifier);
    // Dropped meanwhile: then it is read anew by the worker.
    if (lane.waiting === known && known.length > 0) hand.replace(lane, prepared);
  }
}

/** @returns the unbroken run from a lane's head that goes to a place */
function run(lane: HeldLane, place: string): Prepared[] {
  const end = lane.waiting.findIndex((item) => !isJoinable(item, place));
  return end === -1 ? lane.waiting : lane.waiting.slice(0, end);
}

function isJoinable({ composition, place, delivery }: Prepared, wanted: string): boolean {
  return composition.kind === 'message' && place === wanted && !delivery.send_alone && !delivery.has_sibling;
}
