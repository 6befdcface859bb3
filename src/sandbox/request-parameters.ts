import type { FastifyRequest } from 'fastify';
import { badRequest } from './sandbox-error.js';

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** The parameters of a request, by name. */
export class RequestParameters {
  private constructor(private readonly values: ReadonlyMap<string, string>) {}

  /**
   * Reads the query and, before it, a form body, be it parsed already or not. A body of any other type has no
   * parameters, as in Zulip: JSON is not understood.
   */
  static of(request: FastifyRequest): RequestParameters {
    const isForm = FORM_TYPE.test(request.headers['content-type'] ?? '');
    return new RequestParameters(new Map([...flatten(request.query), ...(isForm ? flatten(request.body) : [])]));
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** @throws SandboxError 400 for what is neither `true` nor `false` */
  boolean(name: string, byDefault: boolean): boolean {
    const value = this.values.get(name);
    if (value === undefined) return byDefault;
    if (value !== 'true' && value !== 'false') throw badRequest(`${name} is not a boolean`);
    return value === 'true';
  }

  /** @throws SandboxError 400 for what is no whole number from 0 */
  count(name: string): number {
    const value = this.values.get(name) ?? '0';
    if (!/^\d+$/.test(value)) throw badRequest(`${name} is not an integer`);
    return Number(value);
  }
}

/** A name that comes more than once has its last value, as in Django. */
function flatten(parsed: unknown): [string, string][] {
  if (typeof parsed === 'string' || Buffer.isBuffer(parsed)) {
    return [...new URLSearchParams(parsed.toString())];
  }
  if (typeof parsed !== 'object' || parsed === null) return [];
  return Object.entries(parsed).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    return typeof last === 'string' ? [[name, last]] : [];
  });
}
