import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { OutboundPolicy } from './outbound-policy.js';
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
  /** An answer of which the body is not there in time counts as it is, as long as its status is. Default: no. */
  statusIsEnough?: boolean;
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
 * along), what is not on the public internet is not reached unless the policy opens it, no proxy of the environment
 * stands between, nothing is unpacked, an answer is read up to a size, and all of it has a time limit. Connections are
 * kept alive between requests.
 */
@Injectable()
export class OutgoingHttp implements OnApplicationShutdown {
  private readonly agent: Agent;
  /** For servers of our own. */
  private readonly ownAgent: Agent;

  constructor(
    private readonly policy: OutboundPolicy,
    connectLimitMs = CONNECT_LIMIT_MS,
  ) {
    this.agent = makeAgent(guardedConnector(policy, connectLimitMs));
    this.ownAgent = makeAgent({ timeout: connectLimitMs });
  }

  /** @throws OutgoingFault when there is no whole answer in time; TypeError when the address is none */
  request({ url, method, headers, body, ...limits }: OutgoingRequest): Promise<OutgoingAnswer> {
    const { origin, pathname, search, href } = new URL(url);
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(resolve, reject, limits);
      const options = {
        origin,
        path: pathname + search,
        method,
        headers: { ...HEADERS, ...headers },
        body: body ?? null,
      };
      const agent = this.policy.isOwn(href) ? this.ownAgent : this.agent;
      agent.dispatch(options, exchange);
    });
  }

  /** Requests that are under way are broken off. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.agent.destroy(), this.ownAgent.destroy()]);
  }
}

function makeAgent(connect: NonNullable<Agent.Options['connect']>): Agent {
  return new Agent({
    connect,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The request's own limit is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Nothing is connected to but what may be reached, by the address that the name has at that moment. */
function guardedConnector(policy: OutboundPolicy, timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, lookup: policy.lookup });
  return (options, callback) => {
    const port = options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : Number(options.port);
    try {
      policy.checkTarget(options.hostname, port);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(options, callback);
  };
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
    private readonly limits: Pick<OutgoingRequest, 'largestAnswer' | 'timeLimitMs' | 'statusIsEnough'>,
  ) {
    this.timer = setTimeout(() => {
      this.timeIsOver();
    }, limits.timeLimitMs);
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
    if (this.size <= this.limits.largestAnswer) return;
    this.succeed();
    controller.abort(new Error('The answer is longer than what is read of it.'));
  }

  onResponseEnd(): void {
    this.succeed();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error.message === '' ? error.name : error.message, false, error);
  }

  private timeIsOver(): void {
    // 1xx only announce an answer.
    if (this.limits.statusIsEnough && this.status >= 200) this.succeed();
    else this.fail(`There was no answer within ${this.limits.timeLimitMs} ms.`, true);
    this.controller?.abort(new Error('The time is over.'));
  }

  private succeed(): void {
    if (!this.end()) return;
    this.resolve({
      status: this.status,
      headers: this.headers,
      body: Buffer.concat(this.chunks).subarray(0, this.limits.largestAnswer),
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
