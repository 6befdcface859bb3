import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.js';
import { makeWebhook, type Webhook } from './webhook.js';

const TICKETS = 40;
/** Each has tickets of its own, so that a ticket's webhooks come one after the other, as they happened. */
const SENDERS = 8;
/** A helpdesk's patience with one request. */
const ANSWER_LIMIT_MS = 3_000;
const REPEAT_AFTER_MS = [50, 150] as const;
/** The longest that a gateway, or its database, may be away. */
const LONGEST_PLACING_MS = 120_000;

export interface LoadParts {
  random: Random;
  perSecond: number;
  /** Processes that take webhooks: each try goes to any of them. */
  urls: readonly string[];
  /** A ticket belongs to one of these sources. */
  hookPaths: readonly string[];
}

interface Sender {
  tickets: number[];
  /** What is sent, and when: the same for the same seed. */
  plan: Random;
  /** How it is sent, which takes more or fewer draws by how things go. */
  tries: Random;
}

/**
 * Helpdesks that send webhooks at a steady rate, catch up on what an outage held up, and repeat a webhook until it is
 * accepted.
 */
export class Load {
  /** Markers in the order of their acceptance. */
  readonly accepted: string[] = [];
  /** How often each answer came; `none`: refused, reset, timed out. */
  readonly answers: Record<string, number> = {};
  /** Webhooks that a gateway did not want (4xx): always wrong. */
  readonly refused: string[] = [];
  private readonly serials = new Map<number, number>();
  private isStopping = false;

  constructor(private readonly parts: LoadParts) {}

  /**
   * Resolves after `stop`, once all that was begun is accepted.
   *
   * @throws when a webhook is not accepted in two minutes
   */
  async run(signal: AbortSignal): Promise<void> {
    const senders = Array.from({ length: SENDERS }, (_, index): Sender => {
      const random = this.parts.random.stream(`sender ${index}`);
      const tickets = Array.from({ length: TICKETS }, (_unused, ticket) => ticket + 1);
      return {
        tickets: tickets.filter((ticket) => ticket % SENDERS === index),
        plan: random.stream('plan'),
        tries: random.stream('tries'),
      };
    });
    await Promise.all(senders.map((sender) => this.send(sender, signal)));
  }

  stop(): void {
    this.isStopping = true;
  }

  private async send({ tickets, plan, tries }: Sender, signal: AbortSignal): Promise<void> {
    const meanGapMs = (1_000 * SENDERS) / this.parts.perSecond;
    let due = performance.now();
    for (;;) {
      due += plan.between(0, 2 * meanGapMs);
      await sleep(Math.max(0, due - performance.now()), undefined, { signal });
      if (this.isStopping) return;
      const ticket = plan.pick(tickets);
      const serial = (this.serials.get(ticket) ?? 0) + 1;
      this.serials.set(ticket, serial);
      const path = this.parts.hookPaths[ticket % this.parts.hookPaths.length] ?? '';
      await this.place(makeWebhook({ ticket, serial }, plan), path, tries, signal);
    }
  }

  private async place(webhook: Webhook, path: string, tries: Random, signal: AbortSignal): Promise<void> {
    const until = performance.now() + LONGEST_PLACING_MS;
    for (;;) {
      const status = await post(`${tries.pick(this.parts.urls)}${path}`, webhook);
      const answer = status === undefined ? 'none' : String(status);
      this.answers[answer] = (this.answers[answer] ?? 0) + 1;
      if (answer.startsWith('2')) {
        this.accepted.push(webhook.marker);
        return;
      }
      if (answer.startsWith('4')) {
        this.refused.push(`${webhook.marker}: ${answer}`);
        return;
      }
      if (performance.now() > until) throw new Error(`${webhook.marker} was not accepted within two minutes.`);
      await sleep(tries.between(...REPEAT_AFTER_MS), undefined, { signal });
    }
  }
}

/** @returns undefined where no answer came */
async function post(url: string, { event, body }: Webhook): Promise<number | undefined> {
  try {
    const headers = { 'content-type': 'application/json', 'x-groove-event': event };
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // Whether it was stored is not known; that is what repeating is for.
    return undefined;
  }
}
