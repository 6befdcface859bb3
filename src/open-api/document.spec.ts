import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  description?: string;
  example?: unknown;
  default?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
}

interface Content {
  schema?: Schema;
  example?: unknown;
}

interface Operation {
  summary?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: Schema;
    example?: unknown;
  }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description?: string; content?: Record<string, Content> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** CI compares it with what the code says. */
const document = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as Document;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
);

/** Probes are told how it is in words of their own, also where it is not well. */
const PROBE = /^GET \/health\//;
/** One paragraph for each code. */
const CODES = /^`[a-z_]+`: [^`\n].*$/;

const isPrimitive = ({ type, $ref, allOf, oneOf, properties }: Schema): boolean =>
  $ref === undefined && !allOf && !oneOf && !properties && ['string', 'number', 'integer'].includes(type ?? '');
const isEmpty = ({ type, properties, additionalProperties }: Schema): boolean =>
  type === 'object' && Object.keys(properties ?? {}).length === 0 && !additionalProperties;
/** What may hold anything has an example of it, or is one of the forms that a field may take. */
const isAnyObject = ({ example, allOf, oneOf }: Schema): boolean => example !== undefined || Boolean(allOf ?? oneOf);
const hasExample = ({ example, default: preset, enum: values, format }: Schema): boolean =>
  example !== undefined || preset !== undefined || values !== undefined || format === 'uuid' || format === 'date-time';

/** Every property of every schema, by its path. */
function* propertiesOf(name: string, schema: Schema): Generator<[string, Schema]> {
  for (const [property, child] of Object.entries(schema.properties ?? {})) {
    yield [`${name}.${property}`, child];
    yield* propertiesOf(`${name}.${property}`, child);
  }
  if (schema.items) yield* propertiesOf(`${name}[]`, schema.items);
}

describe('the OpenAPI document', () => {
  it('says in a sentence what each operation does', () => {
    const silent = operations.filter(({ operation }) => !/[.:)]$/.test(operation.summary ?? ''));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('describes every parameter, with an example', () => {
    const bare = operations.flatMap(({ name, operation }) =>
      (operation.parameters ?? [])
        .filter((parameter) => {
          const { schema = {}, description, example } = parameter;
          const isShown = example !== undefined || hasExample(schema) || hasExample(schema.items ?? {});
          return (description ?? '') === '' || !(isShown || schema.type === 'boolean');
        })
        .map((parameter) => `${name} ${parameter.name}`),
    );
    expect(bare).toEqual([]);
  });

  it('says what every operation answers', () => {
    const bare = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => status.startsWith('2') && status !== '204')
        .filter(([, { content }]) => {
          const [{ schema } = { schema: undefined }] = Object.values(content ?? {});
          return !schema || isEmpty(schema);
        })
        .map(([status]) => `${name} ${status}`),
    );
    expect(bare).toEqual([]);
  });

  it('gives every error as a problem document with an example', () => {
    for (const { name, operation } of operations.filter((each) => !PROBE.test(each.name))) {
      const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect([name, errors.length > 0]).toEqual([name, true]);
      for (const [status, { description, content }] of errors) {
        const problem = content?.['application/problem+json'];
        const text = `${name} ${status}: ${description ?? ''}`;
        expect([text, problem?.schema?.$ref]).toEqual([text, '#/components/schemas/Problem']);
        expect([text, problem?.example]).toEqual([text, expect.objectContaining({ status: Number(status) })]);
        const others = (description ?? '').split('\n\n').filter((paragraph) => !CODES.test(paragraph));
        expect([text, others]).toEqual([text, []]);
      }
    }
  });

  it('needs no key where none is asked for, and says so', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0).map(({ path }) => path);
    expect([...new Set(open)].sort()).toEqual([
      '/api/integrations/webhook/health',
      '/health/live',
      '/health/ready',
      '/hooks/{provider}/{token}',
    ]);
  });

  const properties = Object.entries(document.components.schemas).flatMap(([name, schema]) => [
    ...propertiesOf(name, schema),
  ]);

  it('gives every field of a text or a number with an example', () => {
    const bare = properties.filter(
      ([, schema]) =>
        (isPrimitive(schema) && !hasExample(schema)) ||
        (schema.items && isPrimitive(schema.items) && schema.example === undefined && !hasExample(schema.items)),
    );
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it('leaves no schema without fields', () => {
    const schemas = Object.entries(document.components.schemas);
    expect(schemas.filter(([, schema]) => isEmpty(schema)).map(([name]) => name)).toEqual([]);
    expect(properties.filter(([, schema]) => isEmpty(schema) && !isAnyObject(schema)).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('asks for no parameter that has a default', () => {
    const asked = operations.flatMap(({ name, operation }) =>
      (operation.parameters ?? [])
        .filter(({ required, schema }) => required === true && schema?.default !== undefined)
        .map((parameter) => `${name} ${parameter.name}`),
    );
    expect(asked).toEqual([]);
  });

  it('leaves no field without a type', () => {
    const bare = properties.filter(
      ([, schema]) => !schema.type && !schema.$ref && !schema.allOf && !schema.oneOf && schema.example === undefined,
    );
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it('describes every field of a request', () => {
    const bodies = operations
      .flatMap(({ operation }) => Object.values(operation.requestBody?.content ?? {}))
      .map(({ schema }) => schema?.$ref?.split('/').at(-1) ?? '');
    const bare = properties.filter(
      ([name, { description, allOf, $ref }]) =>
        bodies.includes(name.split('.')[0] ?? '') && !description && !allOf && !$ref,
    );
    expect(bare.map(([name]) => name)).toEqual([]);
  });
});
