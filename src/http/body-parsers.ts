import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse as parseForm } from 'qs';
import { Problem } from './problem.js';
import { UnreadableBody } from './unreadable-body.js';

/**
 * Webhooks are parsed by intake, which does not trust their Content-Type. Told by the route that was found, since an
 * address may be spelled in more than one way.
 */
const RAW_BODIES = ['/hooks/', '/api/integrations/'];
/** The sandbox speaks Zulip's protocol, which is form-encoded. */
const SANDBOX = '/sandbox/';
/** Configuration is a document of its own, read by whoever takes it. */
const CONFIGURATION = '/api/v1/config';
const YAML_TYPE = /^(?:application|text)\/(?:x-)?yaml\s*(;|$)/i;
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/;
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * One parser for all bodies, chosen by address: bytes for webhooks, forms for the sandbox, YAML for the configuration, JSON for
 * everything else.
 * It replaces Fastify's own, which would refuse a hook whose Content-Type is missing or wrong. What cannot be read is
 * handed on as an `UnreadableBody`: 400 `invalid_json` or 415 `unsupported_media_type`, once the key has been judged.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  const oddContentTypes = new WeakMap<FastifyRequest, string>();
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Fastify refuses what is not of the form type/subtype before it asks any parser; intake does not care, and
    // everybody else is to show a key first.
    const contentType = request.headers['content-type'];
    if (contentType !== undefined && !MEDIA_TYPE.test(contentType)) {
      oddContentTypes.set(request, contentType);
      delete request.headers['content-type'];
    }
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    // The log keeps headers as they came.
    const contentType = oddContentTypes.get(request);
    if (contentType !== undefined) request.headers['content-type'] = contentType;
    done();
  });
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    const contentType = request.headers['content-type'] ?? '';
    if (isWebhook(request)) {
      done(null, bytes);
    } else if (isUnder(SANDBOX, request)) {
      done(null, FORM_TYPE.test(contentType) ? parseForm(bytes.toString('utf8'), { depth: 0 }) : bytes);
    } else if (bytes.length === 0) {
      // Many clients name a type whether they send anything or not.
      done(null, undefined);
    } else if (YAML_TYPE.test(contentType) && request.routeOptions.url === CONFIGURATION) {
      done(null, bytes.toString('utf8'));
    } else if (!JSON_TYPE.test(contentType)) {
      done(null, new UnreadableBody(new Problem(415, 'unsupported_media_type', 'Send application/json.')));
    } else {
      void parseJson(request, bytes.toString('utf8'), (error, parsed) => {
        const unreadable = (cause: Error) => new Problem(400, 'invalid_json', 'The body is not JSON.', { cause });
        done(null, error ? new UnreadableBody(unreadable(error)) : parsed);
      });
    }
  });
}

function isWebhook(request: FastifyRequest): boolean {
  return RAW_BODIES.some((prefix) => isUnder(prefix, request));
}

function isUnder(prefix: string, request: FastifyRequest): boolean {
  // `routeOptions` is made anew each time that it is read: only where the address is spelled in another way.
  return request.url.startsWith(prefix) || request.routeOptions.url?.startsWith(prefix) === true;
}
