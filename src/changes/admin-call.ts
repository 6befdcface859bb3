import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../http/caller.js';
import { readIdempotencyKey } from '../http/idempotency-key.js';

/** Which way a change came in: by the API, by the start of a process, by a command, or by Deskwire itself. */
export const CHANGE_WAYS = ['api', 'start', 'command', 'deskwire'] as const;
export type ChangeWay = (typeof CHANGE_WAYS)[number];

/** A request to change something: who asks, from where, and on what conditions. */
export interface AdminCall {
  via: ChangeWay;
  /** Null unless by the API. */
  keyId: string | null;
  address: string | null;
  /** As it was sent: the version that is to be changed. */
  ifMatch?: string;
  /** Of a POST that is to be done once, however often it is sent. */
  idempotency?: { readonly key: string; readonly fingerprint: Buffer };
  /** Told when an earlier answer is given again. */
  onReplay?: () => void;
}

/** Nobody asked: what a start makes. */
export const BY_START: AdminCall = { via: 'start', keyId: null, address: null };
/** Nobody asked: what Deskwire does of itself. */
export const BY_DESKWIRE: AdminCall = { via: 'deskwire', keyId: null, address: null };
/** Somebody with a shell. */
export const BY_COMMAND: AdminCall = { via: 'command', keyId: null, address: null };

/** The request of a handler that changes something. @throws Problem 400 `invalid_idempotency_key` */
export const AdminCallOf = createParamDecorator((_data: unknown, context: ExecutionContext): AdminCall => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const reply = http.getResponse<FastifyReply>();
  const ifMatch = request.headers['if-match'];
  const key = request.method === 'POST' ? readIdempotencyKey(header(request, 'idempotency-key')) : undefined;
  return {
    via: 'api',
    keyId: callerOf(request).keyId,
    address: callerAddress(request.ip),
    ...(ifMatch !== undefined && { ifMatch }),
    ...(key !== undefined && { idempotency: new RequestOnce(key, request) }),
    onReplay: () => void reply.header('idempotency-replayed', 'true'),
  };
});

/** A proxy passes on what it likes: what is no address is not kept, and a port is none of it. */
function callerAddress(ip: string): string | null {
  const plain = ip.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/^\[(.*)\](?::\d+)?$/, '$1');
  return isIP(plain) === 0 ? null : plain;
}

/** Its fingerprint is taken once the request has been judged: before that, its body may nest as deep as it likes. */
class RequestOnce {
  constructor(
    readonly key: string,
    private readonly request: FastifyRequest,
  ) {}

  get fingerprint(): Buffer {
    return fingerprintOf(this.request);
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** What makes two requests the same one. */
function fingerprintOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest();
}
