import type { InboundRequest } from '../../../ticket-event/provider-adapter.js';

/** One more than the log keeps of a text, so that what is too long is seen, and marked, as too long. */
const LONGEST_TEXT = 65_537;
/** The log keeps 100 tags; nobody loops over more comments than this to show one message. */
const LONGEST_LIST = 1_000;
/** As many as a form may have. */
const MOST_FIELDS = 2_000;
/** Of the whole body. Jira's issues, the richest of all, have some two thousand. */
const MOST_VALUES = 10_000;
/** As deep as intake parses. */
const DEEPEST_BODY = 100;

/** Names that carry credentials, whoever invented them. */
const CREDENTIAL = /auth|cookie|token|secret|pass(w|$)|key$|signature|credential|session|jwt/;
/** Called a key, and no secret: what a sender tells its repetitions by. */
const IDEMPOTENCY_KEY = /idempotency-key$/;
/** Proxies write the address of the hook, token and all, into headers of their own. */
const HOOK_ADDRESS = '/hooks/';

/** What the templates of a mapping see at their root. */
export interface TemplateDocument {
  body: unknown;
  headers: Readonly<Record<string, string>>;
}

/**
 * @returns the body, of a huge one its beginning, so that no sender makes a template take long; and the headers, lower
 * case, without those that carry credentials
 */
export function makeTemplateDocument({ body, headers }: InboundRequest): TemplateDocument {
  return { body: new BodyCopy().of(body, 0), headers: withoutCredentials(headers) };
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => (!CREDENTIAL.test(name) || IDEMPOTENCY_KEY.test(name)) && !value.includes(HOOK_ADDRESS),
    ),
  );
}

/** One copy, which counts what it has copied. */
class BodyCopy {
  private values = 0;

  of(value: unknown, depth: number): unknown {
    this.values += 1;
    if (typeof value === 'string') return value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth === DEEPEST_BODY) return null;
    return Array.isArray(value) ? this.ofList(value, depth + 1) : this.ofFields(value, depth + 1);
  }

  private ofList(list: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    for (const element of list.slice(0, LONGEST_LIST)) {
      if (this.values >= MOST_VALUES) break;
      copy.push(this.of(element, depth));
    }
    return copy;
  }

  private ofFields(fields: object, depth: number): object {
    const copy: [string, unknown][] = [];
    for (const name of Object.keys(fields).slice(0, MOST_FIELDS)) {
      if (this.values >= MOST_VALUES) break;
      copy.push([name, this.of((fields as Record<string, unknown>)[name], depth)]);
    }
    // Makes even `__proto__` a property like any other.
    return Object.fromEntries(copy);
  }
}
