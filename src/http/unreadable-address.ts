import type { ProblemDocument } from './problem.js';

/**
 * @returns what is answered where Fastify refuses an address before it looks for a handler: one that cannot be decoded, or
 * a parameter beyond its length. Fastify's own answer would repeat the address, and with it a hook's token.
 */
export function unreadableAddress(url: string): ProblemDocument {
  return url.startsWith('/hooks/')
    ? { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is no such hook.', code: 'not_found' }
    : {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'The address cannot be read.',
        code: 'bad_request',
      };
}
