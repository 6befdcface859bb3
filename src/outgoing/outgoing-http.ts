import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, type Dispatcher } from 'undici';
import { USER_AGENT } from './user-agent.js';

/** Well below the time limit of a whole request, so that a host that is away is not taken for one that is slow. */
const CONNECT_LIMIT_MS = 4_000;
/** Idle connections are closed before common servers and proxies close theirs (nginx: 75 s, load balancers: 60 s). */
const KEEP_ALIVE_MS = 30_000;

const HEADERS = { 'user-agent': USER_AGENT, accept: 'application/json', 'accept-encoding': 'identity' };

/** A request to somebody else's server. */
export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Bytes of the answer that are read; what is longer is not read to its end. */
  largestAnswer: number;
  /** Milliseconds from the call to the answer's last byte. */
  timeLimitMs: number;
}

/** What came back, whatever its status: it is the caller's to judge. */
export interface OutgoingAnswer {
  status: number;
  /** Names in lower case; of a repeated header all values, joined by `, `. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** A request that got no whole answer. */
export class OutgoingFault extends Error {
  /**
   * @param sent whether anything of the request may have left us: if not, it may be repeated without doubt
   * @param isTimeout whether the request's time was over
   */
  constructor(
    message: string,
    readonly sent: boolean,
    readonly isTimeout: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OutgoingFault';
  }
}

/**
 * The one room that calls out. What holds for every request: redirects are not followed (they would take credentials
 * along), no proxy of the environment stands between, nothing is unpacked, an answer is read up to a size, and all of it
 * has a time limit. Connections are kept alive between requests.
 */
@Injectable()
export class OutgoingHttp implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(connectLimitMs = CONNECT_LIMIT_MS) {
    this.agent = new Agent({
      connect: { timeout: connectLimitMs },
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The request's own limit is the only one.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** @throws OutgoingFault when there is no whole answer in time; TypeError when the address is none */
  request({ url, method, headers, body, largestAnswer, timeLimitMs }: OutgoingRequest): Promise<OutgoingAnswer> {
    const { origin, pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(resolve, reject, largestAnswer, timeLimitMs);
      const options = {
        origin,
        path: pathname + search,
        method,
        headers: { ...HEADERS, ...headers },
        body: body ?? null,
      };
      this.agent.dispatch(options, exchange);
    });
  }

  /** Requests that are under way are broken off. */
  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

/** One request on its way. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private size = 0;
  private status = 0;
  private headers: Record<string, string> = {};
  private isOver = false;

  constructor(
    private readonly resolve: (answer: OutgoingAnswer) => void,
    private readonly reject: (fault: OutgoingFault) => void,
    private readonly largest: number,
    timeLimitMs: number,
  ) {
    this.timer = setTimeout(() => {
      this.fail(`There was no answer within ${timeLimitMs} ms.`, true);
      this.controller?.abort(new Error('The time is over.'));
    }, timeLimitMs);
  }

  /** Called right before the first byte is written; only then may the request have left us. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Its time ended while it waited for a connection.
    if (this.isOver) controller.abort(new Error('The time is over.'));
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status;
    this.headers = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size <= this.largest) return;
    this.succeed();
    controller.abort(new Error('The answer is longer than what is read of it.'));
  }

  onResponseEnd(): void {
    this.succeed();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error.message === '' ? error.name : error.message, false, error);
  }

  private succeed(): void {
    if (!this.end()) return;
    this.resolve({
      status: this.status,
      headers: this.headers,
      body: Buffer.concat(this.chunks).subarray(0, this.largest),
    });
  }

  private fail(message: string, isTimeout: boolean, cause?: Error): void {
    if (!this.end()) return;
    this.reject(new OutgoingFault(message, this.controller !== undefined, isTimeout, { cause }));
  }

  /** @returns whether it was still under way */
  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    clearTimeout(this.timer);
    return true;
  }
}
