import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { REFUSAL_CODES, refusalOf } from './refuse-connection.js';

/** Counts what was refused before it was a request: no filter and no hook of Fastify's hears of it. */
@Injectable()
export class RefusedConnections {
  private readonly counter: Counter<'code'>;

  constructor(metrics: Metrics) {
    this.counter = new Counter({
      name: 'deskwire_connections_refused_total',
      help: 'Connections that were refused before a request could be read. code: request_timeout, headers_too_large or bad_request.',
      labelNames: ['code'],
      registers: [metrics],
    });
    // Begin at 0, so that the first one is seen as an increase.
    for (const code of REFUSAL_CODES) this.counter.inc({ code }, 0);
  }

  /** Looks on: the answer is Fastify's handler's to give, after this one, which sees the socket as it was. */
  watch(server: Server): void {
    server.prependListener('clientError', (error: Error, socket: Socket) => {
      const refusal = refusalOf(error, socket);
      if (refusal) this.counter.inc({ code: refusal.code });
    });
  }
}
