import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { watchConnection } from './watched-connection.js';

/** Well below the time limit of a whole request, so that a host that is away is not taken for one that is slow. */
export const CONNECT_TIME_LIMIT_MS = 4_000;

/** Idle connections are closed before common servers and proxies close theirs (nginx: 75 s, load balancers: 60 s). */
const AGENT_OPTIONS: AgentOptions = { keepAlive: true, timeout: 30_000 };

class WatchingHttpAgent extends HttpAgent {
  constructor(private readonly connectLimitMs: number) {
    super(AGENT_OPTIONS);
  }

  override createConnection(
    options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const socket = super.createConnection(options, callback);
    if (socket) watchConnection(socket, 'connect', this.connectLimitMs);
    return socket;
  }
}

class WatchingHttpsAgent extends HttpsAgent {
  constructor(private readonly connectLimitMs: number) {
    super(AGENT_OPTIONS);
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const socket = super.createConnection(options, callback);
    if (socket) watchConnection(socket, 'secureConnect', this.connectLimitMs);
    return socket;
  }
}

/** The connections that outgoing requests share, kept alive between them. */
@Injectable()
export class OutgoingAgents implements OnApplicationShutdown {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;

  constructor(connectLimitMs: number) {
    this.http = new WatchingHttpAgent(connectLimitMs);
    this.https = new WatchingHttpsAgent(connectLimitMs);
  }

  onApplicationShutdown(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
