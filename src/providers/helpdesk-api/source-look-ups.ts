import type { Clock } from '../../clock/clock.js';
import { HelpdeskError } from '../../ticket-event/errors.js';
import { explainRefusal, isSuccess } from './expect-success.js';
import { ExpiringCache } from './expiring-cache.js';
import { GentleLine } from './gentle-line.js';
import type { HelpdeskAccess, HelpdeskClient } from './helpdesk-client.js';

/** A GET, and what its answer says; `read` answers undefined where it says nothing. The same path is always read the same way. */
export interface Question<Fact> {
  path: string;
  read: (body: unknown) => Fact | undefined;
}

/** Limits of helpdesks' APIs are mostly unknown: few enough to be no burden, enough for the names of a burst. */
const AT_ONCE = 4;
/** So that the answer to a question that was asked at once is there before its message goes without it. */
const REQUEST_LIMIT_MS = 1_800;
const MOST_FACTS = 2_000;
/** Names and titles change seldom, and then nobody minds the old one for a while. */
const KNOWN_MS = 600_000;
const ABSENT_MS = 300_000;
/** Longer than the pause after a failure: one question that always fails must not end every pause with the next. */
const FAILED_MS = 120_000;
const PAUSE_MS = 30_000;
/** A helpdesk that says 0 would be asked again at once. */
const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;
const TOO_MANY = 429;
/** What only says that there is no such thing, or that it cannot be asked for so. */
const ABSENT_STATUSES: readonly number[] = [400, 404, 410, 422];

interface Flight<Fact> {
  fact: Promise<Fact | null>;
  /** Until when somebody waits for it. */
  deadline: { at: number };
}

/** What one source's helpdesk has told us, and how it is asked. */
export class SourceLookUps<Fact extends object> {
  /** null: there is no answer. */
  private readonly known: ExpiringCache<Fact | null>;
  private readonly flights = new Map<string, Flight<Fact>>();
  private readonly line: GentleLine;

  /** @param onPause told when the helpdesk is left alone for a while, and why */
  constructor(
    private readonly client: HelpdeskClient,
    private readonly clock: Clock,
    private readonly access: HelpdeskAccess,
    private readonly onPause: (pauseMs: number, reason: string) => void,
  ) {
    this.known = new ExpiringCache<Fact | null>(clock, MOST_FACTS);
    this.line = new GentleLine(clock, AT_ONCE);
  }

  isFor({ address, token }: HelpdeskAccess): boolean {
    return this.access.address === address && this.access.token === token;
  }

  /** @returns null where there is no answer for now, undefined where it has to be asked for */
  recall(path: string): Fact | null | undefined {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    return this.line.isResting ? null : undefined;
  }

  /**
   * Asks, once for all who want to know the same at the same time. Never throws.
   *
   * @param until by the steady clock; if its turn comes later, it is not asked
   */
  ask(question: Question<Fact>, until: number): Promise<Fact | null> {
    const { path } = question;
    const known = this.flights.get(path);
    if (known) {
      known.deadline.at = Math.max(known.deadline.at, until);
      return known.fact;
    }
    const deadline = { at: until };
    const isWanted = (): boolean => this.clock.steady() < deadline.at;
    const fact = this.line
      .run(isWanted, () => this.fetch(question))
      .then((found) => found ?? null)
      .finally(() => this.flights.delete(path));
    this.flights.set(path, { fact, deadline });
    return fact;
  }

  private async fetch({ path, read }: Question<Fact>): Promise<Fact | null> {
    try {
      const answer = await this.client.request(this.access, { method: 'GET', path, timeLimitMs: REQUEST_LIMIT_MS });
      const { status, body, retryAfterMs } = answer;
      if (isSuccess(answer) && body !== undefined) return this.learn(path, read(body) ?? null);
      if (ABSENT_STATUSES.includes(status)) return this.learn(path, null);
      if (status !== TOO_MANY) return this.fail(path, explainRefusal(answer));
      this.rest(
        Math.min(Math.max(retryAfterMs ?? PAUSE_MS, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS),
        explainRefusal(answer),
      );
      return null;
    } catch (error) {
      return this.fail(path, error instanceof HelpdeskError ? error.message : String(error));
    }
  }

  private learn(path: string, fact: Fact | null): Fact | null {
    this.known.set(path, fact, fact === null ? ABSENT_MS : KNOWN_MS);
    return fact;
  }

  private fail(path: string, reason: string): null {
    this.known.set(path, null, FAILED_MS);
    this.rest(PAUSE_MS, reason);
    return null;
  }

  private rest(pauseMs: number, reason: string): void {
    // Of several that fail together one is told.
    if (!this.line.isResting) this.onPause(pauseMs, reason);
    this.line.rest(pauseMs);
  }
}
