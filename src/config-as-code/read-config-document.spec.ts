import { readConfigDocument } from './read-config-document.js';

const refusal = (yaml: string): { status: number; code: string; detail: string } => {
  try {
    readConfigDocument(yaml);
  } catch (error) {
    const { code, detail, getStatus } = error as { code: string; detail: string; getStatus: () => number };
    return { status: getStatus.call(error), code, detail };
  }
  throw new Error('The document was taken.');
};

/** Each level names the one before ten times: a thousand million at the ninth. */
const billionLaughs = Array.from({ length: 9 }, (_level, index) => {
  const before = index === 0 ? '"lol"' : `*a${index - 1}`;
  return `a${index}: &a${index} [${Array<string>(10).fill(before).join(', ')}]`;
}).join('\n');

describe('a configuration document', () => {
  it('is read as it is meant', () => {
    const document = readConfigDocument(`
sources:
  - name: Groove EU
    provider: groove
    secrets: { api_token: "\${DESKWIRE_SECRET_GROOVE}" }
destinations: []
routes:
  - name: Urgent
    destination: Zulip
    matchers: [{ field: ticket.tags, op: in, value: [vip, urgent] }]
    settings: { stop: true }
    disabled: true
`);
    expect(JSON.parse(JSON.stringify(document))).toEqual({
      sources: [{ name: 'Groove EU', provider: 'groove', secrets: { api_token: '${DESKWIRE_SECRET_GROOVE}' } }],
      destinations: [],
      routes: [
        {
          name: 'Urgent',
          destination: 'Zulip',
          matchers: [{ field: 'ticket.tags', op: 'in', value: ['vip', 'urgent'] }],
          settings: { stop: true },
          disabled: true,
        },
      ],
    });
  });

  it.each<[string, string, string]>([
    ['a billion laughs', billionLaughs, 'aliases exceeded'],
    ['an alias of itself', 'routes: &a [*a]', 'aliases exceeded'],
    ['what nests for ever', `routes: ${'['.repeat(100_000)}`, 'nesting exceeded'],
    ['blocks that nest for ever', `routes:\n${'- '.repeat(50_000)}x`, 'nesting exceeded'],
    ['a tag', 'routes: !!js/function "x"', 'unknown scalar tag'],
    ['a name twice', 'routes: []\nroutes: []', 'duplicated mapping key (line 2, column 1)'],
    ['two documents', 'routes: []\n---\nroutes: []', 'single document'],
    ['nothing', '', 'empty'],
    ['half a list', 'routes: [', 'line 1'],
  ])('refuses %s', (_story, yaml, words) => {
    const { status, code, detail } = refusal(yaml);
    expect([status, code]).toEqual([400, 'invalid_yaml']);
    expect(detail).toContain(words);
  });

  it('never shows the lines around a fault, which may hold a secret', () => {
    const { detail } = refusal('destinations:\n  - secrets: {api_key: hunter2}\n  oops');
    expect(detail).toMatch(/line 3/);
    expect(detail).not.toContain('hunter2');
  });

  it.each<[string, string, RegExp]>([
    ['a list', '[]', /parts sources, destinations and routes/],
    ['a text', 'hello', /parts sources, destinations and routes/],
    ['an unknown part', 'users: []', /property users should not exist/],
    ['null for a part', 'routes:', /routes must be an array/],
    ['an unknown field', 'sources: [{name: a, provider: groove, colour: red}]', /sources.0.*colour/],
    ['a wrong type', 'routes: [{name: 7, destination: Zulip}]', /routes.0.name/],
    ['a route without a destination', 'routes: [{name: a}]', /routes.0.destination/],
    ['a name twice', 'routes: [{name: a, destination: z}, {name: a, destination: z}]', /routes.1.name/],
    ['an empty element', 'routes:\n- \n', /routes/],
    ['null for a source', 'sources: [null]', /sources/],
    ['more elements than there can be', `sources: [${'{},'.repeat(1_001)}]`, /sources: holds too many values/],
    [
      'a secret written out',
      'sources: [{name: a, provider: groove, secrets: {api_token: hunter2}}]',
      /sources.0.secrets must be references/,
    ],
    [
      'a secret that is part of a text',
      'sources: [{name: a, provider: groove, secrets: {basic: "u:${DESKWIRE_SECRET_A}"}}]',
      /references/,
    ],
    [
      'another variable',
      'sources: [{name: a, provider: groove, secrets: {api_token: "${ENCRYPTION_KEY}"}}]',
      /references/,
    ],
    ['NUL', 'routes: [{name: "a\\0", destination: z}]', /NUL/],
    ['half a character', 'routes: [{name: "a\\ud800", destination: z}]', /Unicode/],
    ['what every object inherits', '__proto__: {routes: []}', /is not a field/],
    ['a constructor', 'constructor: {}', /is not a field/],
  ])('refuses %s and says where', (_story, yaml, words) => {
    const { status, code, detail } = refusal(yaml);
    expect([status, code]).toEqual([400, 'validation_failed']);
    expect(detail).toMatch(words);
    expect(detail).not.toContain('hunter2');
  });

  it('refuses what is larger than any configuration', () => {
    expect(refusal(`# ${'x'.repeat(1_048_576)}`)).toMatchObject({ status: 413, code: 'document_too_large' });
  });
});
