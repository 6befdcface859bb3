/**
 * Whoever is let in is to have an answer in a quarter of a second, and that takes some seven times this: behind what waits, behind
 * the batch that is being written, its own batch, and the rest of what the process does.
 */
const LONGEST_WAIT_MS = 30;
/** So many are always let in beside the batch that is being written, however slow the database is. */
const FEWEST = 64;
/** The same for a burst, until somebody was refused: it is over sooner than its senders would come again. */
const LONGEST_BURST_MS = 90;
const SMALLEST_BURST = 200;
/** Never more. */
const MOST = 500;
/** So long after the last refusal it is over. */
const CALM_MS = 1_000;
/** Smaller batches say how long a commit takes, rather than how many webhooks go into one. */
const SMALLEST_TELLING = 32;
/** Until one was seen: a modest database takes 4,000 a second. */
const FIRST_MS_PER_WEBHOOK = 0.25;
/** How much the latest batch says beside all before. */
const WEIGHT = 0.2;

/**
 * How many webhooks may wait to be written. A burst may come all at once. But once that was too much for somebody, only as
 * many wait as the database is going to take in the time that a sender may be kept waiting, judged by how fast it took the
 * last batches: under more load than it bears the others are refused at once, in place of all being late.
 */
export class QueueLimit {
  private msPerWebhook = FIRST_MS_PER_WEBHOOK;
  private refusedAt = Number.NEGATIVE_INFINITY;

  /** @param now in ms of the steady clock */
  webhooks(now: number): number {
    const isCalm = now - this.refusedAt > CALM_MS;
    return isCalm ? this.within(LONGEST_BURST_MS, SMALLEST_BURST) : this.within(LONGEST_WAIT_MS, FEWEST);
  }

  /** Somebody was refused. */
  refused(now: number): void {
    this.refusedAt = now;
  }

  /** Learns from a batch that was written: from a small one only that it can be faster than was thought. */
  learn(webhooks: number, ms: number): void {
    const measured = ms / webhooks;
    if (webhooks < SMALLEST_TELLING && measured >= this.msPerWebhook) return;
    this.msPerWebhook += WEIGHT * (measured - this.msPerWebhook);
  }

  private within(ms: number, least: number): number {
    return Math.min(Math.max(Math.round(ms / this.msPerWebhook), least), MOST);
  }
}
