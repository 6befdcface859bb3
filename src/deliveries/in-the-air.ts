import type { ComposedMessage } from '../notifiers/notifier.js';

/** The messages of one destination that are being sent. */
export class InTheAir {
  private readonly counts = new Map<string, number>();

  /** @returns whether a message that reads the same is on its way: whose is whose could not be told */
  has(message: ComposedMessage): boolean {
    return this.counts.has(keyOf(message));
  }

  async while<Result>(message: ComposedMessage, work: () => Promise<Result>): Promise<Result> {
    const key = keyOf(message);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.counts.get(key) ?? 1) - 1;
      if (left > 0) this.counts.set(key, left);
      else this.counts.delete(key);
    }
  }
}

/** Without the topic: it may be renamed meanwhile. */
function keyOf({ channel, content }: ComposedMessage): string {
  return `${channel.toLowerCase()}\n${content}`;
}
