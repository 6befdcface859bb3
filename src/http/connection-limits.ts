import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { refuseConnection } from './refuse-connection.js';

/** How long, and how much, a connection may keep us waiting for. */
export interface ConnectionLimits {
  /** From the beginning of a request, or of a connection that says nothing, until its headers are there. */
  headersMs: number;
  /** Until all of it is there. */
  requestMs: number;
  /** After an answer, until the next request begins. */
  keepAliveMs: number;
  /** In which nothing goes in either direction, as when an answer is not fetched. */
  silentMs: number;
  /** How often the first two are looked at: they may last longer by as much. */
  checkEveryMs: number;
  /** Of the request line and all headers together; beyond it 431. */
  headerBytes: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 15_000,
  requestMs: 30_000,
  // Longer than the 60 s of common balancers: whoever ends an idle connection first must not be the one who is called.
  keepAliveMs: 72_000,
  // An erasure in a long log says nothing for minutes.
  silentMs: 1_800_000,
  // Node's own 30 s would double what is said above (https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener).
  checkEveryMs: 5_000,
  // Node's default, held on to: helpdesks send a kilobyte or two.
  headerBytes: 16_384,
};

/** @returns how a server has to be made so that nobody keeps a connection for nothing */
export function connectionOptions(limits: ConnectionLimits) {
  return {
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silentMs,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytes,
    },
    clientErrorHandler: refuseConnection,
  } satisfies FastifyHttpOptions<Server>;
}
