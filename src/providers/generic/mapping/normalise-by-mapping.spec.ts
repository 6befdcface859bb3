import type { TicketEventDraft } from '../../../ticket-event/ticket-event.js';
import { checkMapping } from './check-mapping.js';
import { BODY, draftOf, FULL_MAPPING, KEY, type Mapping } from './testing/casework.js';

describe('normaliseByMapping', () => {
  it('fills every field', () => {
    expect(checkMapping(FULL_MAPPING)).toEqual([]);
    expect(draftOf(FULL_MAPPING, BODY, { 'x-event': 'CaseCommented', 'idempotency-key': 'd-1' })).toEqual({
      type: 'message.note_added',
      nativeType: 'CaseCommented',
      occurredAt: new Date('2025-07-01T00:00:00Z'),
      ticket: {
        key: '4711',
        number: 'CASE-4711',
        title: 'The printer is on fire',
        url: 'https://cases.example.com/4711',
        status: { native: 'On hold', normal: 'pending' },
        priority: { native: '1 - Critical', normal: 'urgent' },
        group: 'Hardware',
        platform: 'Casework',
        assignee: { name: 'Bo', email: 'bo@example.com' },
        requester: { id: '12' },
        tags: ['vip', 'printer'],
        custom: { Order: '{"no":7,"items":["ink"]}', Express: 'true' },
      },
      actor: { name: 'Ada', kind: 'agent' },
      message: { id: 'c-1', text: 'Bring **water**', isInternal: true },
      changes: [
        { field: 'status', from: 'New', to: 'On hold' },
        { field: 'owner', to: 'Bo' },
      ],
      identity: { kind: 'delivery_id', value: 'd-1' },
    });
  });

  it('takes a ticket as created where nothing else is said', () => {
    expect(draftOf(KEY, { id: 'A-1' })).toEqual({
      type: 'ticket.created',
      nativeType: 'ticket.created',
      ticket: { key: 'A-1', tags: [], custom: {} },
      changes: [],
      identity: { kind: 'content', value: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it.each<[string, unknown, string | undefined]>([
    ['a text', 'Text', 'Text'],
    ['a text with markup of ours', '**a** <b', '**a** <b'],
    ['a number', 1.5, '1.5'],
    ['a flag', false, 'false'],
    ['null', null, undefined],
    ['a blank', ' \n ', undefined],
    ['a list', ['a', 1, null, 'b'], 'a, 1, b'],
    ['an empty list', [], undefined],
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['a list of objects', [{ a: 1 }], '[{"a":1}]'],
  ])('writes %s plainly', (_what, value, title) => {
    expect(draftOf({ ...KEY, 'ticket.title': '{{ body.v }}' }, { id: 1, v: value }).ticket?.title).toBe(title);
  });

  it.each<[string, Mapping, unknown, Partial<TicketEventDraft>]>([
    ['a link that is none', { 'ticket.url': 'javascript:alert(1)' }, {}, {}],
    ['a time that is none', { occurred_at: 'yesterday' }, {}, {}],
    [
      'a person of whom nothing is known',
      { 'person.name': '{{ body.none }}', 'actor.email': ' {{ body.none }}' },
      {},
      {},
    ],
    [
      'a change that is none',
      { 'changes.group.from': '{{ body.g }}', 'changes.group.to': '{{ body.g }}' },
      { g: 'A' },
      {},
    ],
    ['a text of which nothing is left', { 'message.text': '<script>x</script>' }, {}, {}],
  ])('leaves out %s', (_what, mapping, body, expected) => {
    const draft = draftOf({ ...KEY, ...mapping }, { id: 1, ...(body as object) });
    expect(draft).toEqual({ ...draftOf(KEY, { id: 1 }), ...expected, identity: draft.identity });
  });

  it('knows the author of a message by its type unless told otherwise', () => {
    const authorOf = (mapping: Mapping): unknown =>
      draftOf({ ...KEY, 'actor.name': 'Ada', ...mapping }, { id: 1 }).actor;
    expect(authorOf({})).toEqual({ name: 'Ada', kind: 'unknown' });
    expect(authorOf({ type: 'message.customer_replied' })).toEqual({ name: 'Ada', kind: 'customer' });
    expect(authorOf({ type: 'message.agent_replied' })).toEqual({ name: 'Ada', kind: 'agent' });
    expect(authorOf({ type: 'message.agent_replied', 'actor.kind': 'bot' })).toEqual({ name: 'Ada', kind: 'system' });
  });

  it('takes a note as internal unless told otherwise', () => {
    const isInternal = (mapping: Mapping): unknown =>
      draftOf({ 'message.text': 'x', ...mapping }, null).message?.isInternal;
    expect(isInternal({})).toBe(false);
    expect(isInternal({ 'message.is_internal': 'yes' })).toBe(true);
    expect(isInternal({ type: 'message.note_added' })).toBe(true);
    expect(isInternal({ type: 'message.note_added', 'message.is_internal': '{{ false }}' })).toBe(false);
  });

  it('shows a message whose ticket has no key', () => {
    const draft = draftOf({ ...KEY, 'ticket.title': 'x', 'message.text': 'Hello' }, {});
    expect(draft).toMatchObject({ message: { text: 'Hello' }, changes: [] });
    expect(draft.ticket).toBeUndefined();
  });

  it.each(['service.available', 'service.unavailable', 'ping'])('needs nothing but the type %s', (type) => {
    expect(draftOf({ type }, {})).toMatchObject({ type, nativeType: type, changes: [] });
  });

  it('never takes a ping for a repetition, unless it is told by what', () => {
    expect(draftOf({ type: 'ping' }, {}).identity).toEqual({ kind: 'none' });
    expect(draftOf({ type: 'ping', deduplication_key: '7' }, {}).identity).toEqual({ kind: 'delivery_id', value: '7' });
  });

  it('tells two events apart by everything that is mapped, and by nothing else', () => {
    const identityOf = (mapping: Mapping, body: object): unknown => draftOf({ ...KEY, ...mapping }, body).identity;
    const mapping = { occurred_at: '{{ body.at }}' };
    expect(identityOf(mapping, { id: 1, at: 'noon', views: 1 })).toEqual(
      identityOf(mapping, { views: 2, at: 'noon', id: '1' }),
    );
    // Although it cannot be read as a time.
    expect(identityOf(mapping, { id: 1, at: 'noon' })).not.toEqual(identityOf(mapping, { id: 1, at: 'one' }));
  });
});
