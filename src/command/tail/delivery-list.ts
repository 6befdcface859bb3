import { setTimeout as sleep } from 'node:timers/promises';

/** As `GET /api/v1/deliveries` answers it; of what is not named here there is more. */
export interface ListedDelivery {
  id: string;
  state: string;
  destination_id: string;
  channel: string | null;
  topic: string | null;
  reason: string | null;
  detail: string | null;
  created_at: string;
}

export interface ListedPage {
  data: ListedDelivery[];
  next_cursor: string | null;
}

/** The gateway has understood, and will not answer otherwise next time. */
export class RefusedError extends Error {}

/** The gateway cannot answer now. */
export class AwayError extends Error {
  constructor(
    message: string,
    readonly retryAfterSeconds = 0,
  ) {
    super(message);
  }
}

const ANSWER_LIMIT_MS = 15_000;
const TOO_MANY = 429;
const SERVER_ERRORS = 500;

/** Reads the list of deliveries over the REST API. */
export class DeliveryList {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
    /** What narrows it, by the names of the list's parameters. */
    private readonly filters: Readonly<Record<string, string>>,
    private readonly stopped: AbortSignal,
  ) {}

  /**
   * @returns the newest deliveries, newest first, or those that a cursor of this list leads to
   * @throws RefusedError, AwayError, or Node's error where there is no answer
   */
  async page(limit: number, cursor?: string): Promise<ListedPage> {
    const query = new URLSearchParams({
      ...this.filters,
      limit: String(limit),
      ...(cursor !== undefined && { cursor }),
    });
    const response = await fetch(`${this.baseUrl}/api/v1/deliveries?${query.toString()}`, {
      headers: { authorization: `Bearer ${this.key}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.any([this.stopped, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
    });
    if (response.ok) return (await response.json()) as ListedPage;
    const words = `${response.status} ${await detailOf(response)}`.trim();
    if (response.status === TOO_MANY || response.status >= SERVER_ERRORS) {
      throw new AwayError(words, Number(response.headers.get('retry-after') ?? 0));
    }
    throw new RefusedError(words);
  }

  get isStopped(): boolean {
    return this.stopped.aborted;
  }

  /** @returns whether to go on after so long */
  async pause(milliseconds: number): Promise<boolean> {
    await sleep(milliseconds, undefined, { signal: this.stopped }).catch(() => undefined);
    return !this.stopped.aborted;
  }
}

/** A problem document's, where it is one: something else may stand in between. */
async function detailOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : '';
}
