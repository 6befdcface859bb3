import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { ActiveDestination } from '../destinations/destination-directory.js';
import type { FoundReason } from '../destinations/pause.js';
import type { FailureReason, RateFacts } from '../notifiers/notifier.js';
import { Circuit } from './circuit.js';
import type { Pacer } from './pacer.js';
import { type PauseBook, WHOLE } from './pause-book.js';

/** What only look-ups come to. */
const READING: readonly string[] = ['looked', 'not_allowed'];

/** As much of any answer as says how the receiver is. */
export interface Heard {
  outcome: string;
  reason?: FailureReason;
  response?: string;
  rate?: RateFacts;
  retryAfterSeconds?: number;
}

/**
 * Draws the conclusions from what one destination's receiver answers: keeps to its rate, pauses what cannot work, and
 * lets it go when it works again.
 */
export class ReceiverHealth {
  private readonly logger = new Logger('deliveries');
  private readonly circuit = new Circuit();

  /** @param release lets what waited for the whole destination go at once */
  constructor(
    private readonly pauses: PauseBook,
    private readonly pacer: Pacer,
    private readonly clock: Clock,
    private readonly release: () => Promise<void>,
  ) {}

  /**
   * @param channel that the request was about
   * @returns whether deliveries that ended so wait for a pause, rather than for their own next try
   */
  async hear(heard: Heard, channel: string, destination: ActiveDestination): Promise<boolean> {
    this.pacer.heard(heard);
    const reason = heard.outcome === 'retry' ? heard.reason : undefined;
    if (reason !== undefined && Circuit.concerns(reason)) return this.failed(heard, destination);
    if (READING.includes(heard.outcome)) {
      // It answers; that it takes messages is not said. The failures still count: one more, and it is down again.
      if (this.pauses.whole?.reason === 'unreachable') await this.endPause(WHOLE, destination);
      return false;
    }
    this.circuit.answered();
    if (reason !== 'auth') await this.endPause(WHOLE, destination);
    if (reason === 'auth') return this.pause(WHOLE, reason, heard, destination);
    if (reason === 'not_found') return this.pause(channel, reason, heard, destination);
    if (reason === undefined) await this.endPause(channel, destination);
    return false;
  }

  /** What was counted before does not count any more: an admin, or other settings, have ended the pauses. */
  forget(): void {
    this.circuit.answered();
  }

  private async failed(heard: Heard, destination: ActiveDestination): Promise<boolean> {
    const isDown = this.circuit.failed(this.clock.now());
    if (this.pauses.whole) return true;
    return isDown && this.pause(WHOLE, 'unreachable', heard, destination);
  }

  private async pause(
    channel: string,
    reason: FoundReason,
    heard: Heard,
    destination: ActiveDestination,
  ): Promise<boolean> {
    const known = this.pauses.find(channel)?.reason;
    // Until an admin ends theirs, nothing more is to be said.
    if (known === 'paused') return true;
    if (known !== reason) {
      const facts = { destination: destination.name, reason, ...(channel !== WHOLE && { channel }) };
      this.logger.error({ ...facts, response: heard.response }, 'paused: deliveries wait, none is lost');
    }
    await this.pauses.begin(channel, reason, heard.response ?? '', destination);
    return true;
  }

  private async endPause(channel: string, destination: ActiveDestination): Promise<void> {
    if (!(await this.pauses.end(channel))) return;
    this.logger.log({ destination: destination.name, ...(channel !== WHOLE && { channel }) }, 'goes on');
    // What waits for a channel has kept its turn; only a whole destination's pause stands for the waits of its deliveries.
    if (channel === WHOLE) await this.release();
  }
}
