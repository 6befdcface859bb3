import type { OpenAPIObject } from '@nestjs/swagger';
import type { ProblemCodes } from '../http/api-problem.js';
import { ROLES_EXTENSION } from '../http/required-role.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
/** Where an operation stands in the document. */
export interface Place {
  method: string;
  path: string;
}

/** Whoever takes webhooks reads the request itself: any body, any parameter. */
const WEBHOOKS = /^\/(hooks|api\/integrations)\//;
/** Probes are answered in words of their own. */
const PROBES = /^\/health\//;

/** @returns what an operation may answer beside what its handler says of itself, by status */
export function commonErrors(operation: Operation, place: Place): Readonly<Record<number, ProblemCodes>> {
  if (PROBES.test(place.path)) return {};
  const roles = rolesOf(operation);
  return {
    400: { ...(roles && !WEBHOOKS.test(place.path) && inputErrors(operation, place)), ...parameterErrors(operation) },
    ...(roles && keyErrors(roles)),
    404: idForm(operation) !== undefined ? { not_found: 'there is none with this id.' } : {},
    412: takes(operation, 'If-Match') ? { precondition_failed: 'it has been changed since; read it again.' } : {},
    413: operation.requestBody ? { body_too_large: 'the body is larger than `BODY_LIMIT`.' } : {},
    415: {
      ...(takesJson(operation, place) && { unsupported_media_type: 'the body is not `application/json`.' }),
      ...(operation.requestBody && { unsupported_encoding: 'the body is compressed.' }),
    },
    422: takes(operation, 'Idempotency-Key')
      ? { idempotency_key_reused: 'another request was made with this Idempotency-Key.' }
      : {},
    500: { internal_error: 'a fault of ours; the log has it under `error_id`.' },
    503: {
      ...(roles && { database_unavailable: 'the database is away; `Retry-After` says when to come again.' }),
      stopping: 'the gateway is being stopped; `Retry-After` says when to come again.',
    },
  };
}

/** Of requests with a key. */
function keyErrors(roles: readonly string[]): Readonly<Record<number, ProblemCodes>> {
  const isForSources = roles.includes('ingest');
  return {
    401: { unauthorized: 'no valid API key.' },
    403: {
      forbidden: `this needs a key with the role ${roles.map((role) => `\`${role}\``).join(' or ')}.`,
      ...(isForSources && {
        source_disabled: 'the source of the `ingest` key is disabled or deleted.',
        address_not_allowed: 'the source of the `ingest` key takes nothing from the address that this comes from.',
      }),
    },
    429: {
      too_many_attempts: 'too many wrong keys from this address; `Retry-After` says when to come again.',
      ...(isForSources && {
        rate_limited: 'more than the source of the `ingest` key takes a minute; `Retry-After` says when to come again.',
      }),
    },
  };
}

function parameterErrors(operation: Operation): ProblemCodes {
  const form = idForm(operation);
  return {
    ...(form === 'uuid' && { invalid_id: 'the id is no UUID.' }),
    ...(form === 'integer' && { invalid_id: 'the id is no whole number from 1 on.' }),
    ...(takes(operation, 'cursor') && { invalid_cursor: 'the cursor is none of ours, or belongs to another query.' }),
    ...(takes(operation, 'q') && {
      question_too_costly: 'to find it out takes too long; narrow it down, by `since` and `until` for instance.',
    }),
    ...(takes(operation, 'If-Match') && { invalid_if_match: 'If-Match holds no entity tags.' }),
    ...(takes(operation, 'Idempotency-Key') && {
      invalid_idempotency_key: 'the Idempotency-Key is not 1 to 255 visible ASCII characters.',
    }),
  };
}

function inputErrors(operation: Operation, place: Place): ProblemCodes {
  const takesNoBody = place.method !== 'get' && !operation.requestBody;
  return {
    validation_failed: 'a field or a parameter is wrong; `errors` says which.',
    ...(takesJson(operation, place) && { invalid_json: 'the body is not JSON.' }),
    ...(takesNoBody && { unexpected_body: 'it takes no body.' }),
  };
}

/** @returns undefined where no key is needed */
function rolesOf(operation: Operation): readonly string[] | undefined {
  return (operation as Operation & Record<string, unknown>)[ROLES_EXTENSION] as readonly string[] | undefined;
}

function takes({ parameters = [] }: Operation, name: string): boolean {
  return parameters.some((parameter) => 'name' in parameter && parameter.name === name);
}

function takesJson({ requestBody }: Operation, { path }: Place): boolean {
  const { content } = (requestBody ?? {}) as { content?: object };
  return content !== undefined && 'application/json' in content && !WEBHOOKS.test(path);
}

/** @returns what an id has to be; undefined where anything is taken for one, or there is none */
function idForm({ parameters = [] }: Operation): string | undefined {
  for (const parameter of parameters) {
    if (!('name' in parameter) || parameter.in !== 'path' || parameter.name !== 'id') continue;
    const { format, type } = parameter.schema as { format?: string; type?: string };
    return type === 'integer' ? type : format;
  }
  return undefined;
}
