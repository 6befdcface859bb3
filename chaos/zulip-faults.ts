import type { Random } from './random.js';

/** What a request meets at the Zulip server. */
export type Fault =
  | 'none'
  /** 500 in Zulip's own words: nothing was stored. */
  | 'refused'
  | 'reset_before_storing'
  | 'reset_after_storing'
  /** A proxy's 502 although the message was stored. */
  | 'bad_gateway_after_storing'
  /** Stored at once, answered after the client's time limit. */
  | 'answered_late'
  /** Stored after the client's time limit: the look-up must not come before that. */
  | 'stored_late';

export interface Treatment {
  fault: Fault;
  beforeStoringMs: number;
  afterStoringMs: number;
}

/** Of the requests that send a message; the shares are small because each doubt holds its lane for 13 s. */
const SHARES: readonly (readonly [Fault, number])[] = [
  ['refused', 0.012],
  ['reset_before_storing', 0.006],
  ['reset_after_storing', 0.008],
  ['bad_gateway_after_storing', 0.003],
  ['answered_late', 0.0015],
  ['stored_late', 0.0015],
];
/** Look-ups fail as well. */
const OTHER_SHARES: readonly (readonly [Fault, number])[] = [
  ['refused', 0.02],
  ['reset_before_storing', 0.02],
];

/** The gateway gives up after 8 s and looks 13 s after the attempt began. */
const LATE_MS = [8_500, 10_000] as const;
/** As long as a near server takes; above all, long enough to be killed in. */
const USUAL_MS = [2, 25] as const;

/** Draws what becomes of each request, in the order in which they come. */
export class FaultPlan {
  private late = 0;

  /** @param mostLate so that a run keeps its time */
  constructor(
    private readonly random: Random,
    private readonly mostLate: number,
  ) {}

  /** @param sends whether the request sends a message */
  next(sends: boolean): Treatment {
    const fault = this.draw(sends ? SHARES : OTHER_SHARES);
    const usual = {
      beforeStoringMs: this.random.between(...USUAL_MS),
      afterStoringMs: this.random.between(...USUAL_MS),
    };
    if (fault !== 'answered_late' && fault !== 'stored_late') return { fault, ...usual };
    if (this.late >= this.mostLate) return { fault: 'none', ...usual };
    this.late += 1;
    const lateMs = this.random.between(...LATE_MS);
    return fault === 'stored_late'
      ? { fault, ...usual, beforeStoringMs: lateMs }
      : { fault, ...usual, afterStoringMs: lateMs };
  }

  private draw(shares: readonly (readonly [Fault, number])[]): Fault {
    let point = this.random.next();
    for (const [fault, share] of shares) {
      if (point < share) return fault;
      point -= share;
    }
    return 'none';
  }
}
