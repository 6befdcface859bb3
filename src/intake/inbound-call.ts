import type { FastifyRequest } from 'fastify';

/** Where something was sent, as the router spells it: with names in place of what varies, which may be secret. */
export interface Endpoint {
  method: string;
  route: string;
}

/** Where hooks are. */
export const HOOK: Endpoint = { method: 'POST', route: '/hooks/:provider/:token' };

/** A webhook before anything about it is believed. */
export interface InboundCall {
  endpoint: Endpoint;
  /** Lower-case names; a repeated header is joined with `, `. */
  headers: Readonly<Record<string, string>>;
  /** The first value of each parameter. */
  query: Readonly<Record<string, string>>;
  body: Buffer;
  /** The token in its address, which is masked wherever it stands. */
  token?: string;
}

/** @param request with its body as it came; at a hook, with the token in its address */
export function readCall(request: FastifyRequest): InboundCall {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    query[name] = Array.isArray(value) ? (value[0] ?? '') : value;
  }
  const { token } = request.params as { token?: string };
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const endpoint = { method: request.method, route: request.routeOptions.url ?? '' };
  return { endpoint, headers, query, body, ...(token !== undefined && { token }) };
}
