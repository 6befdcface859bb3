import { badRequest, unauthorized } from './sandbox-error.js';

/**
 * Reads `Authorization: Basic …` (RFC 7617) as Zulip does: the email of a bot and its key.
 *
 * @throws SandboxError 401 where it is missing or cannot be read, 400 for another scheme
 */
export function readBasicCredentials(authorization: string | undefined): { email: string; apiKey: string } {
  if (authorization === undefined) throw unauthorized('Not logged in: API authentication or user session required');
  const [scheme = '', encoded, ...rest] = authorization.trim().split(/\s+/);
  if (encoded === undefined || rest.length > 0) throw unauthorized('Invalid authorization header for basic auth');
  if (scheme.toLowerCase() !== 'basic') throw badRequest('This endpoint requires HTTP basic authentication.');
  const [email, apiKey, ...more] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (email === undefined || apiKey === undefined || more.length > 0) {
    throw unauthorized('Invalid authorization header for basic auth');
  }
  return { email, apiKey };
}
