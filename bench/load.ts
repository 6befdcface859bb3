import { LoadConnection, type LoadResponse } from './load-connection.js';
import { type Spread, spread } from './percentiles.js';
import { type BodyKind, WEBHOOKS } from './webhook-bodies.js';

/** Webhooks to be sent. */
export interface LoadQuestion {
  /** Of one server; taken in turn. */
  hookUrls: string[];
  kind: BodyKind;
  connections: number;
  seconds: number;
  /** So many are due a second, answered or not; without it each connection sends the next when it has its answer. */
  perSecond?: number;
}

/** What became of them. Milliseconds are from the sending to the answer. */
export interface LoadAnswer {
  seconds: number;
  statuses: Record<string, number>;
  /** Answered with 2xx, and what else was answered. */
  accepted: number;
  accepted_per_second: number;
  accepted_ms: Spread | null;
  refused: number;
  refused_ms: Spread | null;
  /** Of the refusals, those that do not say when to come again. */
  without_retry_after: number;
  /** No answer at all. */
  failed: number;
  /** Due while no connection was free: whoever is to be overloaded answers too slowly for so many senders. */
  unsent: number;
}

const TICK_MS = 2;
const SETTLED_MS = 200;

let sent = 0;

/** One run of load over connections of its own. The least work a webhook, since the generator shares the machine. */
export class Load {
  private readonly statuses: Record<string, number> = {};
  private readonly acceptedMs: number[] = [];
  private readonly refusedMs: number[] = [];
  private readonly connections: LoadConnection[];
  private readonly idle: LoadConnection[];
  private readonly headers: string;
  private readonly paths: string[];
  private begunAt = 0;
  private withoutRetryAfter = 0;
  private failed = 0;
  private unsent = 0;
  private isOver = false;
  private inAir = 0;

  constructor(private readonly question: LoadQuestion) {
    const { hostname, port } = new URL(question.hookUrls[0] as string);
    this.paths = question.hookUrls.map((url) => new URL(url).pathname);
    const make = (): LoadConnection => new LoadConnection(hostname, Number(port));
    this.connections = Array.from({ length: question.connections }, make);
    this.idle = [...this.connections];
    const lines = Object.entries(WEBHOOKS[question.kind].headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.headers = lines.join('');
  }

  async run(): Promise<LoadAnswer> {
    const { seconds, perSecond } = this.question;
    await Promise.all(this.connections.map((connection) => connection.open()));
    // Node takes one new connection each time that it looks for what there is to do (libuv since 1.46): under load they
    // would wait for seconds, and what is measured here is senders that have theirs.
    await sleepUntil(performance.now() + SETTLED_MS);
    this.begunAt = performance.now();
    if (perSecond === undefined) while (this.idle.length > 0) this.send();
    else await this.sendAtRate(perSecond, seconds);
    await sleepUntil(this.begunAt + seconds * 1_000);
    this.isOver = true;
    const took = (performance.now() - this.begunAt) / 1_000;
    while (this.inAir > 0) await sleepUntil(performance.now() + TICK_MS);
    for (const connection of this.connections) connection.close();
    return this.answer(took);
  }

  private async sendAtRate(perSecond: number, seconds: number): Promise<void> {
    let due = 0;
    for (let now = performance.now(); now - this.begunAt < seconds * 1_000; now = performance.now()) {
      const untilNow = Math.floor(((now - this.begunAt) / 1_000) * perSecond);
      for (; due < untilNow; due += 1) {
        if (this.idle.length > 0) this.send();
        else this.unsent += 1;
      }
      await sleepUntil(now + TICK_MS);
    }
  }

  private send(): void {
    const sentAt = performance.now();
    const connection = this.idle.pop() as LoadConnection;
    this.inAir += 1;
    sent += 1;
    const path = this.paths[sent % this.paths.length] as string;
    connection.post(path, this.headers, WEBHOOKS[this.question.kind].make(sent), (response) => {
      this.inAir -= 1;
      this.note(response, performance.now() - sentAt);
      this.idle.push(connection);
      this.sendNext();
    });
  }

  private sendNext(): void {
    if (!this.isOver && this.question.perSecond === undefined) this.send();
  }

  private note({ status, saysWhenToComeAgain }: LoadResponse, ms: number): void {
    if (this.isOver) return;
    if (status === 0) {
      this.failed += 1;
      return;
    }
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status < 300) {
      this.acceptedMs.push(ms);
      return;
    }
    this.refusedMs.push(ms);
    if (!saysWhenToComeAgain) this.withoutRetryAfter += 1;
  }

  private answer(seconds: number): LoadAnswer {
    const { acceptedMs, refusedMs } = this;
    return {
      seconds,
      statuses: this.statuses,
      accepted: acceptedMs.length,
      accepted_per_second: acceptedMs.length / seconds,
      accepted_ms: acceptedMs.length > 0 ? spread(acceptedMs) : null,
      refused: refusedMs.length,
      refused_ms: refusedMs.length > 0 ? spread(refusedMs) : null,
      without_retry_after: this.withoutRetryAfter,
      failed: this.failed,
      unsent: this.unsent,
    };
  }
}

function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
}
