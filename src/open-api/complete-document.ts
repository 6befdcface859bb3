import type { OpenAPIObject } from '@nestjs/swagger';
import { PUBLIC_EXTENSION, ROLES_EXTENSION } from '../http/required-role.js';
import { statusTitle } from '../http/status-title.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Operation['responses'][string];
type Schema = Record<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const EXAMPLE_ID = '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3';
/** What all our ids are called. */
const IDENTIFIER = /^(?:.+_)?id$/;
const EXAMPLE_TIME = '2026-03-01T09:30:00.000Z';
const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457, as `ProblemFilter` writes it. */
const PROBLEM: Schema = {
  type: 'object',
  description: 'What went wrong (RFC 9457). `code` is stable; `detail` is for people.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', example: 'about:blank' },
    title: { type: 'string', description: 'What the status means.', example: 'Bad Request' },
    status: { type: 'integer', example: 400 },
    detail: { type: 'string', description: 'What is wrong, and what to do.', example: 'name must not be blank' },
    code: { type: 'string', description: 'To branch on.', example: 'validation_failed' },
    errors: {
      type: 'array',
      description: 'Each field that is wrong.',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string', example: 'settings.channel' },
          message: { type: 'string', example: 'settings.channel must not be blank' },
        },
      },
    },
    used_by: {
      type: 'array',
      description: 'With `in_use`: what stands in the way.',
      items: {
        type: 'object',
        required: ['kind', 'id', 'name'],
        properties: {
          kind: { type: 'string', example: 'route' },
          id: { type: 'string', example: EXAMPLE_ID },
          name: { type: 'string', example: 'Urgent tickets' },
        },
      },
    },
    error_id: { type: 'string', format: 'uuid', description: 'With a 500: names the fault in the log.' },
  },
};

/**
 * Says of every operation what is true of all: the errors, as problem documents, and the headers of those that change
 * something.
 *
 * @param document is changed
 * @returns it
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, Problem: PROBLEM };
  for (const schema of Object.values(components.schemas)) fillExamples(schema as Schema);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method];
      if (!operation) continue;
      describeAccess(operation);
      describeParameters(operation);
      describeHeaders(operation, method, path);
      describeErrors(operation, path);
    }
  }
  return document;
}

/** What says all about itself needs no example from its author. */
function fillExamples(schema: Schema): void {
  const { properties = {}, items } = schema as { properties?: Record<string, Schema>; items?: Schema };
  for (const [name, property] of Object.entries(properties)) {
    if (property['type'] === 'string' && IDENTIFIER.test(name)) property['example'] ??= EXAMPLE_ID;
    if (property['format'] === 'uuid') property['example'] ??= EXAMPLE_ID;
    if (property['format'] === 'date-time') property['example'] ??= EXAMPLE_TIME;
    fillExamples(property);
  }
  if (items) fillExamples(items);
}

/** Says which roles may call; what anybody may call needs no key. */
function describeAccess(operation: Operation): void {
  const extended = operation as Operation & Record<string, unknown>;
  if (extended[PUBLIC_EXTENSION] === true) {
    Reflect.deleteProperty(extended, PUBLIC_EXTENSION);
    operation.security = [];
    return;
  }
  extended[ROLES_EXTENSION] ??= ['admin'];
}

function describeParameters({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    if (!('name' in parameter)) continue;
    const format = (parameter.schema as Schema | undefined)?.['format'];
    if (format === 'uuid') parameter.example ??= EXAMPLE_ID;
    if (parameter.in !== 'path' || parameter.name !== 'id') continue;
    parameter.description ??= 'Its id.';
    parameter.example ??= EXAMPLE_ID;
  }
}

function describeErrors(operation: Operation, path: string): void {
  const isPublic = operation.security?.length === 0;
  const takesSomething = operation.requestBody !== undefined || (operation.parameters?.length ?? 0) > 0;
  const errors: Record<string, string> = {
    ...(takesSomething && {
      400: '`validation_failed`, `invalid_id`: a field or parameter is wrong; `errors` says which.',
    }),
    ...(!isPublic && {
      401: '`unauthorized`: no valid API key.',
      403: '`forbidden`: the role of the key is too small.',
      429: '`too_many_attempts`: too many wrong keys from this address; `Retry-After` says when to come again.',
    }),
    ...(path.includes('{id}') && { 404: '`not_found`: there is none with this id.' }),
    ...(takesIfMatch(operation) && { 412: '`precondition_failed`: it has been changed since; read it again.' }),
    ...(takesIdempotencyKey(operation) && {
      422: '`idempotency_key_reused`: another request was made with this Idempotency-Key.',
    }),
    500: '`internal_error`: a fault of ours; the log has it under `error_id`.',
    503: '`database_unavailable`: the database is away; `Retry-After` says when to come again.',
  };
  const known = operation.responses;
  for (const [status, description] of Object.entries(errors)) known[status] ??= { description };
  for (const [status, response] of Object.entries(known)) {
    if (Number(status) >= 400) known[status] = asProblem(Number(status), response);
  }
}

function asProblem(status: number, response: Response | undefined): Response {
  const description = (response as { description?: string } | undefined)?.description ?? '';
  const [code] = /(?<=`)[a-z_]+(?=`)/.exec(description) ?? ['error'];
  const detail = description.replace(/^`[a-z_]+`(, `[a-z_]+`)*: /, '').split('\n')[0] ?? '';
  return {
    description,
    content: {
      [PROBLEM_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        example: { type: 'about:blank', title: statusTitle(status), status, detail, code },
      },
    },
  };
}

function describeHeaders(operation: Operation, method: string, path: string): void {
  if (!path.startsWith('/api/v1/') || isReading(method, path)) return;
  const parameters = (operation.parameters ??= []);
  const add = (name: string, description: string, example: string): void => {
    parameters.push({ name, in: 'header', required: false, description, schema: { type: 'string' }, example });
  };
  if (method === 'post') {
    add(
      'Idempotency-Key',
      'A repetition with the same key within a day does nothing and is answered as the first time, without secrets.',
      'b0a4c1c2-restart-7',
    );
  }
  if (path.includes('{id}') || method === 'put' || path.endsWith('/reorder')) {
    add('If-Match', 'The ETag of what is to be changed, as it was last read; any other is a 412.', '"3"');
  }
}

/** What posts without changing anything. */
function isReading(method: string, path: string): boolean {
  return method === 'get' || /\/(preview|check)$/.test(path);
}

function takesIfMatch({ parameters }: Operation): boolean {
  return parameters?.some((parameter) => 'name' in parameter && parameter.name === 'If-Match') === true;
}

function takesIdempotencyKey({ parameters }: Operation): boolean {
  return parameters?.some((parameter) => 'name' in parameter && parameter.name === 'Idempotency-Key') === true;
}
