import { Client } from 'undici';
import { type Spread, spread } from './percentiles.js';
import { type BodyKind, WEBHOOKS } from './webhook-bodies.js';

/** Webhooks to be sent. */
export interface LoadQuestion {
  /** Of one server; taken in turn. */
  hookUrls: string[];
  kind: BodyKind;
  connections: number;
  seconds: number;
  /** So many are sent a second, answered or not; without it each connection sends the next when it has its answer. */
  perSecond?: number;
}

/** What became of them. Milliseconds are from the moment at which a webhook was due, whether a connection was free or not. */
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
}

const TICK_MS = 2;
const LONGEST_ANSWER_MS = 60_000;

let sent = 0;

/** One run of load over connections of its own. The least work a webhook, since the generator shares the machine. */
export class Load {
  private readonly statuses: Record<string, number> = {};
  private readonly acceptedMs: number[] = [];
  private readonly refusedMs: number[] = [];
  private readonly clients: Client[];
  private readonly idle: Client[];
  /** Moments at which webhooks were due for which no connection was free. */
  private readonly late: number[] = [];
  private readonly paths: string[];
  private readonly begunAt = performance.now();
  private withoutRetryAfter = 0;
  private failed = 0;
  private isOver = false;
  private inAir = 0;

  constructor(private readonly question: LoadQuestion) {
    const { origin } = new URL(question.hookUrls[0] as string);
    this.paths = question.hookUrls.map((url) => new URL(url).pathname);
    const limits = { headersTimeout: LONGEST_ANSWER_MS, bodyTimeout: LONGEST_ANSWER_MS, keepAliveTimeout: 600_000 };
    this.clients = Array.from({ length: question.connections }, () => new Client(origin, limits));
    this.idle = [...this.clients];
  }

  async run(): Promise<LoadAnswer> {
    const { seconds, perSecond } = this.question;
    if (perSecond === undefined) while (this.idle.length > 0) this.send(performance.now());
    else await this.sendAtRate(perSecond, seconds);
    await sleepUntil(this.begunAt + seconds * 1_000);
    this.isOver = true;
    const took = (performance.now() - this.begunAt) / 1_000;
    while (this.inAir > 0) await sleepUntil(performance.now() + TICK_MS);
    await Promise.all(this.clients.map((client) => client.close()));
    return this.answer(took);
  }

  private async sendAtRate(perSecond: number, seconds: number): Promise<void> {
    let due = 0;
    for (let now = performance.now(); now - this.begunAt < seconds * 1_000; now = performance.now()) {
      const untilNow = Math.floor(((now - this.begunAt) / 1_000) * perSecond);
      for (; due < untilNow; due += 1) {
        const at = this.begunAt + (due / perSecond) * 1_000;
        if (this.idle.length > 0) this.send(at);
        else this.late.push(at);
      }
      await sleepUntil(now + TICK_MS);
    }
    this.late.length = 0;
  }

  private send(dueAt: number): void {
    const client = this.idle.pop() as Client;
    const { headers, make } = WEBHOOKS[this.question.kind];
    let status = 0;
    let saysWhen = false;
    this.inAir += 1;
    sent += 1;
    const end = (): void => {
      this.inAir -= 1;
      this.note(status, performance.now() - dueAt, saysWhen);
      this.idle.push(client);
      this.sendNext();
    };
    client.dispatch(
      { method: 'POST', path: this.paths[sent % this.paths.length] as string, headers, body: make(sent) },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode, answerHeaders) => {
          status = statusCode;
          saysWhen = answerHeaders['retry-after'] !== undefined;
        },
        onResponseData: () => undefined,
        onResponseEnd: end,
        onResponseError: end,
      },
    );
  }

  private sendNext(): void {
    if (this.isOver) return;
    if (this.question.perSecond === undefined) this.send(performance.now());
    else if (this.late.length > 0) this.send(this.late.shift() as number);
  }

  private note(status: number, ms: number, saysWhen: boolean): void {
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
    if (!saysWhen) this.withoutRetryAfter += 1;
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
    };
  }
}

function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
}
