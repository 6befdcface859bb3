/**
 * Whoever is let in is to have an answer in a quarter of a second, and that takes some five times this: behind what waits, behind
 * the batch that is being written, its own batch, and the rest of what the process does.
 */
const LONGEST_WAIT_MS = 40;
/** So many are always let in beside the batch that is being written, however slow the database is. */
const FEWEST = 64;
/** However fast it is: a bound of memory. */
const MOST = 5_000;
/** Smaller batches say how long a commit takes, not how many webhooks go into one. */
const SMALLEST_TELLING = 32;
/** Until one was seen: a modest database takes 4,000 a second. */
const FIRST_MS_PER_WEBHOOK = 0.25;
/** How much the latest batch says beside all before. */
const WEIGHT = 0.2;

/**
 * How many webhooks may wait to be written: as many as the database is going to take in the time that a sender may be kept
 * waiting, judged by how fast it took the last batches. Under more load than it bears the others are refused at once, in
 * place of all being late.
 */
export class QueueLimit {
  private msPerWebhook = FIRST_MS_PER_WEBHOOK;

  get webhooks(): number {
    return Math.min(Math.max(Math.round(LONGEST_WAIT_MS / this.msPerWebhook), FEWEST), MOST);
  }

  /** Learns from a batch that was written. */
  learn(webhooks: number, ms: number): void {
    if (webhooks < SMALLEST_TELLING) return;
    this.msPerWebhook += WEIGHT * (ms / webhooks - this.msPerWebhook);
  }
}
