import type { OpenAPIObject } from '@nestjs/swagger';
import { describeCodes, type ProblemCodes, readCodes } from '../http/api-problem.js';
import { PUBLIC_EXTENSION, ROLES_EXTENSION } from '../http/required-role.js';
import { statusTitle } from '../http/status-title.js';
import { commonErrors, type Operation, type Place } from './common-errors.js';

type Response = Operation['responses'][string];
type Schema = Record<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const EXAMPLE_ID = '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3';
/** What all our ids are called. */
const IDENTIFIER = /^(?:.+_)?id$/;
const EXAMPLE_TIME = '2026-03-01T09:30:00.000Z';
const PROBLEM_TYPE = 'application/problem+json';
/** A repetition goes on where the first one ended, with a key or without. */
const GOES_ON = /\/subscriptions$/;

/** What is of the log has no versions. */
const OF_THE_LOG = /^\/api\/v1\/(events|deliveries)\//;

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
      joinLines(operation, 'summary');
      describeAccess(operation);
      describeParameters(operation);
      describeHeaders(operation, { method, path });
      describeErrors(operation, { method, path });
    }
  }
  return document;
}

/** What says all about itself needs no example from its author. */
function fillExamples(schema: Schema): void {
  const { properties = {}, items } = schema as { properties?: Record<string, Schema>; items?: Schema };
  for (const [name, property] of Object.entries(properties)) {
    joinLines(property, 'description');
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
    joinLines(parameter, 'description');
    const schema = (parameter.schema ?? {}) as Schema;
    // An id that says nothing of itself is one of ours: what is no UUID is refused.
    if (parameter.in === 'path' && parameter.name === 'id' && !parameter.description) {
      parameter.description = 'Its id.';
      if (schema['type'] === 'string') schema['format'] ??= 'uuid';
    }
    if (schema['format'] === 'uuid') parameter.example ??= EXAMPLE_ID;
    // What has a default is there already; the class knows no other.
    if (schema['default'] !== undefined) parameter.required = false;
  }
}

/** A docstring is wrapped where its line ends. */
function joinLines(described: object, field: 'summary' | 'description'): void {
  const texts = described as Record<typeof field, unknown>;
  if (typeof texts[field] === 'string') texts[field] = texts[field].replace(/(?<!\n)\n(?!\n)/g, ' ');
}

/** What is no problem document, as a probe's answer, says nothing of codes, and stays as it is. */
function describeErrors(operation: Operation, place: Place): void {
  const known = operation.responses;
  const common = commonErrors(operation, place);
  for (const status of new Set([...Object.keys(known), ...Object.keys(common)].map(Number))) {
    const own = readCodes((known[status] as { description?: string } | undefined)?.description ?? '');
    // Those of the handler itself come first.
    const codes = { ...own, ...common[status], ...own };
    if (Object.keys(codes).length > 0) known[status] = asProblem(status, codes);
  }
}

function asProblem(status: number, codes: ProblemCodes): Response {
  const [[code, detail] = ['error', '']] = Object.entries(codes);
  return {
    description: describeCodes(codes),
    content: {
      [PROBLEM_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        example: { type: 'about:blank', title: statusTitle(status), status, detail, code },
      },
    },
  };
}

function describeHeaders(operation: Operation, { method, path }: Place): void {
  if (!path.startsWith('/api/v1/') || isReading(method, path)) return;
  const parameters = (operation.parameters ??= []);
  const add = (name: string, description: string, example: string): void => {
    parameters.push({ name, in: 'header', required: false, description, schema: { type: 'string' }, example });
  };
  if (method === 'post' && !GOES_ON.test(path)) {
    add(
      'Idempotency-Key',
      'A repetition with the same key within a day does nothing and is answered as the first time, without secrets.',
      'b0a4c1c2-restart-7',
    );
  }
  if (OF_THE_LOG.test(path)) return;
  if (path.includes('{id}') || method === 'put' || path.endsWith('/reorder')) {
    add('If-Match', 'The ETag of what is to be changed, as it was last read; any other is a 412.', '"3"');
  }
}

/** What posts without changing anything. */
function isReading(method: string, path: string): boolean {
  return method === 'get' || /\/(preview|check)$/.test(path);
}
