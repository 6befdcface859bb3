import { assertTicketEventDraft } from './assert-ticket-event-draft.js';

const ticket = { key: '9', tags: [], custom: {} };
const draft = {
  type: 'ticket.created',
  nativeType: 'x',
  changes: [],
  identity: { kind: 'content', value: 'hash' },
  ticket,
};

describe('the check of a draft', () => {
  it('passes what keeps the contract', () => {
    expect(() => {
      assertTicketEventDraft(draft);
    }).not.toThrow();
    expect(() => {
      assertTicketEventDraft({
        ...draft,
        occurredAt: new Date(0),
        identity: { kind: 'none' },
        actor: { kind: 'system' },
      });
    }).not.toThrow();
  });

  it.each([
    ['draft is not an object', []],
    ['draft.type is none of', { ...draft, type: 'ticket.exploded' }],
    ['draft.occurredAt is not a valid Date', { ...draft, occurredAt: new Date(Number.NaN) }],
    ['draft.occurredAt is not a valid Date', { ...draft, occurredAt: undefined }],
    ['draft.extra is not in the contract', { ...draft, extra: 1 }],
    ['draft.identity.value is missing', { ...draft, identity: { kind: 'content' } }],
    ['draft.person says nothing', { ...draft, person: {} }],
    ['draft.actor.kind is missing', { ...draft, actor: { name: 'Ann' } }],
    ['draft.ticket.key is not a string', { ...draft, ticket: { ...ticket, key: ' ' } }],
    ['draft.ticket.url is not http(s)', { ...draft, ticket: { ...ticket, url: 'javascript:alert(1)' } }],
    ['draft.ticket.tags[0] is not a string', { ...draft, ticket: { ...ticket, tags: [1] } }],
    ['draft.ticket.custom.a is not a string', { ...draft, ticket: { ...ticket, custom: { a: null } } }],
    [
      'draft.ticket.priority.normal is none of',
      { ...draft, ticket: { ...ticket, priority: { native: 'x', normal: 'x' } } },
    ],
    ['draft.message.isInternal is missing', { ...draft, message: { text: '' } }],
    ['draft.changes[0].to is not a string', { ...draft, changes: [{ field: 'a', to: 1 }] }],
  ])('says that %s', (problem, broken) => {
    expect(() => {
      assertTicketEventDraft(broken);
    }).toThrow(problem);
  });
});
