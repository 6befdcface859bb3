import type { FastifyRequest } from 'fastify';

/**
 * @returns the key that a request is made with. A bearer token goes first. Another scheme in `Authorization` is somebody
 *   else's, a proxy's say: the key may stand beside it.
 */
export function presentedKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-key'];
  const key = bearer ?? (typeof header === 'string' ? header.trim() : '');
  return key === '' ? undefined : key;
}
