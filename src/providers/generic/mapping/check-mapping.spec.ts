import { checkMapping } from './check-mapping.js';

const KEY = { 'ticket.key': '{{ body.id }}' };

describe('checkMapping', () => {
  it.each<[string, unknown]>([
    ['a ticket', KEY],
    ['a message without a ticket', { 'message.text': '{{ body.text }}' }],
    ['a person', { type: 'customer.created', 'person.email': '{{ body.email }}' }],
    ['a type that needs no more', { type: ' service.available ' }],
    ['a type that the payload tells', { type: '{{ body.event }}' }],
    ['a header', { ...KEY, native_type: '{{ headers["x-event"] }}' }],
    ['custom fields and changes', { ...KEY, 'ticket.custom.Order no. 1': '{{ body.o }}', 'changes.due_date.to': 'x' }],
    ['as many fields as are possible', { ...KEY, ...customFields(59) }],
    [
      'every field',
      {
        type: '{% if body.new %}ticket.created{% else %}ticket.updated{% endif %}',
        native_type: 'x',
        occurred_at: 'x',
        deduplication_key: 'x',
        'ticket.key': 'x',
        'ticket.number': 'x',
        'ticket.title': 'x',
        'ticket.url': 'x',
        'ticket.status': 'x',
        'ticket.priority': 'x',
        'ticket.group': 'x',
        'ticket.category': 'x',
        'ticket.platform': 'x',
        'ticket.tags': 'x',
        'ticket.assignee.name': 'x',
        'ticket.requester.email': 'x',
        'actor.id': 'x',
        'actor.kind': 'x',
        'person.id': 'x',
        'message.id': 'x',
        'message.text': 'x',
        'message.is_internal': 'x',
      },
    ],
  ])('takes %s', (_what, mapping) => {
    expect(checkMapping(mapping)).toEqual([]);
  });

  it.each<[string, unknown, string, string]>([
    ['null', null, 'mapping', 'must be an object of fields, each with a template'],
    ['a list', [KEY], 'mapping', 'must be an object of fields, each with a template'],
    ['nothing at all', {}, 'mapping', 'could never say anything: it needs ticket.key or message.text'],
    [
      'a type alone that needs more',
      { type: 'ticket.closed' },
      'mapping',
      'could never say anything: it needs ticket.key or message.text',
    ],
    [
      'a ticket without a key',
      { 'ticket.title': '{{ body.title }}', 'message.text': 'x' },
      'mapping.ticket.key',
      'is needed for the other fields of the ticket: it tells tickets apart',
    ],
    ['too many fields', { ...KEY, ...customFields(60) }, 'mapping', 'has 61 fields; at most 60 are possible'],
    ...[
      'ticket',
      'ticket.colour',
      'source.name',
      'ticket.assignee',
      'ticket.custom.',
      'changes.status',
      'constructor',
    ].map((field): [string, unknown, string, string] => [
      `the field ${field}`,
      { ...KEY, [field]: 'x' },
      `mapping.${field}`,
      'is not a field of a ticket event that can be mapped',
    ]),
    [
      'the change of a field with an odd name',
      { ...KEY, 'changes.__proto__.to': 'x' },
      'mapping.changes.__proto__.to',
      'is not a field of a ticket event that can be mapped',
    ],
    ['a number', { ...KEY, 'ticket.number': 9 }, 'mapping.ticket.number', 'must be a Liquid template, as text'],
    ['a blank template', { ...KEY, 'ticket.url': ' ' }, 'mapping.ticket.url', 'must not be blank; leave the field out'],
    [
      'a template that does not parse',
      { ...KEY, 'ticket.title': 'Ticket:\n  {{ body.title | shout }}' },
      'mapping.ticket.title',
      'There is no filter "shout" (line 2, column 3)',
    ],
    [
      'a filter of messages',
      { ...KEY, 'message.text': '{{ body.text | quote }}' },
      'mapping.message.text',
      'There is no filter "quote" (line 1, column 1)',
    ],
    [
      'a template that reads files',
      { ...KEY, 'ticket.title': '{% include "x" %}' },
      'mapping.ticket.title',
      'There is no tag "include" (line 1, column 1)',
    ],
    [
      'a template that is too long',
      { ...KEY, 'ticket.title': 'x'.repeat(10_001) },
      'mapping.ticket.title',
      'The template is longer than 10000 characters',
    ],
    [
      'a type that there is not',
      { ...KEY, type: 'ticket.exploded' },
      'mapping.type',
      expect.stringMatching(/^must be one of ticket\.created, ticket\.opened, .*, ping$/) as string,
    ],
  ])('refuses %s', (_what, mapping, field, message) => {
    expect(checkMapping(mapping)).toEqual([{ field, message }]);
  });

  it('names all faults at once, and cuts names that are too long', () => {
    const problems = checkMapping({ 'ticket.url': '{{', ['x'.repeat(5_000)]: 'x', type: 'nope' });
    expect(problems.map(({ field }) => field)).toEqual([
      'mapping.ticket.url',
      `mapping.${'x'.repeat(100)}`,
      'mapping.type',
      'mapping.ticket.key',
    ]);
  });
});

function customFields(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`ticket.custom.${index}`, 'x']));
}
