import * as fc from 'fast-check';
import { runToEnd } from '../../../../test/support/run-to-end.js';
import { InvalidPayloadError, ProviderError, UnsupportedEventError } from '../../../ticket-event/errors.js';
import { assertTicketEventDraft } from '../../testing/assert-ticket-event-draft.js';
import { mutatePayload, payloadMutations } from '../../testing/mutate-payload.js';
import { checkMapping } from './check-mapping.js';
import { normaliseByMapping } from './normalise-by-mapping.js';
import { BODY, draftOf, errorOf, FULL_MAPPING, KEY, type Mapping, requestOf } from './testing/casework.js';

describe('what a mapping cannot make an event of', () => {
  it('is an event of no type of ours', () => {
    const error = errorOf({ ...KEY, type: '{{ body.event }}' }, { id: 1, event: `ticket_${'x'.repeat(200)}` });
    expect(error).toBeInstanceOf(UnsupportedEventError);
    expect((error as UnsupportedEventError).nativeType).toBe(`ticket_${'x'.repeat(93)}`);
  });

  it.each<[string, unknown]>([
    ['a body without the ticket', KEY],
    ['no mapping', null],
    ['a mapping of nothing known', { 'ticket.colour': 'red', 'ticket.key': 9 }],
  ])('is %s', (_what, mapping) => {
    const error = errorOf(mapping, { number: 1 });
    expect(error).toBeInstanceOf(InvalidPayloadError);
    expect(error.message).toBe('The mapping finds nothing to say: its ticket.key and message.text came out blank.');
  });

  it.each([
    ['does not parse', '{{ body', 'output "{{ body" not closed (line 1, column 1)'],
    ['fails', '{{ body.odd | strip }}', 'A tag or filter cannot take what it is given (line 1, column 1)'],
    [
      'takes too much',
      '{{ body.text | json | json | json | json | json }}',
      'The template uses too much memory (line 1, column 1)',
    ],
    ['writes too much', '{{ body.text }}'.repeat(20), 'The template writes too much'],
  ])('is what a template %s of', (_what, template, message) => {
    const body = { id: 1, odd: { toString: 1 }, text: '"'.repeat(60_000) };
    const error = errorOf({ ...KEY, 'ticket.title': template }, body);
    expect(error).toBeInstanceOf(InvalidPayloadError);
    expect(error.message).toBe(`mapping.ticket.title: ${message}.`);
  });

  it('is what an endless template makes of it, and it ends', () => {
    const loops = `${'{% for i in (1..900) %}'.repeat(5)}x${'{% endfor %}'.repeat(5)}`;
    const error = runToEnd(() => errorOf({ ...KEY, 'ticket.title': loops }, { id: 1 }));
    expect(error.message).toBe('mapping.ticket.title: the templates of the mapping take too long.');
  });

  it('is what many slow templates take too long for together', () => {
    const slow = `${'{% for i in (1..150) %}'.repeat(2)}${'{% endfor %}'.repeat(2)}`;
    const fields = Array.from({ length: 59 }, (_, index) => [`ticket.custom.${index}`, slow]);
    const mapping = { ...KEY, ...(Object.fromEntries(fields) as Mapping) };
    expect(checkMapping(mapping)).toEqual([]);
    const error = runToEnd(() => errorOf(mapping, { id: 1 }));
    expect(error.message).toMatch(/^mapping\.ticket\.custom\.\d+: the templates of the mapping take too long\.$/);
  });
});

describe('any body', () => {
  it('gives a draft that keeps the contract, or a named error', () => {
    fc.assert(
      fc.property(payloadMutations(), (mutations) => {
        expectDraftOrError(FULL_MAPPING, mutatePayload(BODY, mutations), {});
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), (body, headers) => {
        expectDraftOrError(FULL_MAPPING, body, headers);
      }),
    );
  });

  it('does so whatever the templates, once they are saved', () => {
    const fields = [
      'ticket.key',
      'ticket.title',
      'message.text',
      'ticket.url',
      'ticket.tags',
      'occurred_at',
      'person.email',
    ];
    const templates = [
      '{{ body }}',
      '{{ headers }}',
      '{{ body | json }}',
      '{{ body.a | first }}',
      '{{ body[0] }}',
      'x',
    ];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...fields), fc.constantFrom(...templates)),
        fc.jsonValue(),
        (mapping, body) => {
          expectDraftOrError(mapping, body, {});
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, unknown]>([
    ['a long text', { id: 1, text: 'x'.repeat(1_000_000) }],
    ['deep HTML', { id: 1, text: '<div>'.repeat(200_000) }],
    ['tags that never end', { id: 1, text: '<script'.repeat(140_000) }],
    ['many tags', { id: 1, tags: Array.from({ length: 80_000 }, () => ({ name: 'a' })) }],
    ['many fields', { id: 1, ...Object.fromEntries(Array.from({ length: 110_000 }, (_, index) => [`f${index}`, 0])) }],
    ['lists in lists', { id: 1, tags: Array.from({ length: 500 }, () => Array.from({ length: 1_000 }, () => 0)) }],
  ])('of a megabyte, of %s, ends', (_what, body) => {
    const mapping = {
      'ticket.key': '{{ body.id }}',
      'ticket.title': '{{ body.text | strip_html | truncate: 100 }}',
      'message.text': '{{ body.text }}',
      'ticket.tags': '{% for tag in body.tags %}{{ tag.name }},{% endfor %}',
      'ticket.custom.tags': '{{ body.tags | map: "name" | join: " " }}',
    };
    expect(runToEnd(() => draftOf(mapping, body))).toMatchObject({ ticket: { key: '1' } });
  });
});

function expectDraftOrError(mapping: Mapping, body: unknown, headers: Record<string, string>): void {
  try {
    normaliseByMapping(requestOf(body, headers), mapping).forEach(assertTicketEventDraft);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
}
