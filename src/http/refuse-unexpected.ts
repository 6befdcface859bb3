import type { ExecutionContext } from '@nestjs/common';
// Where Nest's own packages (swagger, core) find what the decorators of parameters left behind.
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';
import { validationProblem } from './validation.js';

/** What of a request a handler looks at. */
interface Expected {
  /** Names of query parameters; undefined: a DTO or the handler itself says which. */
  query: ReadonlySet<string> | undefined;
  body: boolean;
}

type Handler = ReturnType<ExecutionContext['getHandler']>;

const WHOLE_REQUEST: Expected = { query: undefined, body: true };
/** Worked out at the first request of each handler. */
const expectations = new WeakMap<Handler, Expected>();

/**
 * Refuses what a handler would never look at: a query parameter where it takes none, a body where it takes none. What
 * was misspelt or sent to the wrong address must not look as if it had worked. Unknown fields of what a handler does
 * take are refused by its DTO. A handler that takes the request itself (`@Req()`) reads of it what it likes.
 *
 * @throws Problem 400 `validation_failed` naming each parameter, `unexpected_body`
 */
export function refuseUnexpected(context: ExecutionContext): void {
  const handler = context.getHandler();
  const expected = expectations.get(handler) ?? learn(context.getClass(), handler);
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  if (expected.query) refuseParameters(request.query, expected.query);
  if (!expected.body && !isNothing(request.body)) {
    throw new Problem(400, 'unexpected_body', `body: ${request.method} takes none at this address.`);
  }
}

function refuseParameters(query: unknown, known: ReadonlySet<string>): void {
  const unknown = Object.keys(query as object).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw validationProblem(unknown.map((field) => ({ field, message: `${field}: is not a parameter of this address` })));
}

/** Many clients send `{}` where they have nothing to say. */
function isNothing(body: unknown): boolean {
  if (body === undefined) return true;
  if (typeof body !== 'object' || body === null) return false;
  return Object.getPrototypeOf(body) === Object.prototype && Object.keys(body).length === 0;
}

function learn(controller: object, handler: Handler): Expected {
  const found: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name);
  const expected = readExpected((found ?? {}) as Record<string, { data?: unknown }>);
  expectations.set(handler, expected);
  return expected;
}

/** @param parameters by `<what>:<index>`, with the name in brackets as `data`: `@Query('since')` */
function readExpected(parameters: Readonly<Record<string, { data?: unknown }>>): Expected {
  const taken = (what: RouteParamtypes): { data?: unknown }[] =>
    Object.entries(parameters)
      .filter(([key]) => key.startsWith(`${what}:`))
      .map(([, parameter]) => parameter);
  if (taken(RouteParamtypes.REQUEST).length > 0) return WHOLE_REQUEST;
  const query = taken(RouteParamtypes.QUERY).map(({ data }) => data);
  return {
    query: query.every((name) => typeof name === 'string') ? new Set(query) : undefined,
    body: taken(RouteParamtypes.BODY).length + taken(RouteParamtypes.RAW_BODY).length > 0,
  };
}
