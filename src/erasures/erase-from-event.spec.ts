import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { ErasedPerson } from './erased-person.js';
import { eraseFromEvent } from './erase-from-event.js';

const SOURCE = { id: '01890000-0000-7000-8000-000000000001', provider: 'generic', name: 'Desk' };
const ANN = { id: 'c7', name: 'Ann Example', email: 'ann@example.com' };
const BOB = { id: 'c8', name: 'Bob Other', email: 'bob@example.com' };

const eventOf = (fields: Partial<TicketEventDocument>): TicketEventDocument => ({
  id: '01890000-0000-7000-8000-000000000002',
  type: 'message.agent_replied',
  native_type: 'reply',
  source: SOURCE,
  occurred_at: '2026-03-01T00:00:00.000Z',
  received_at: '2026-03-01T00:00:00.000Z',
  deduplication_key: 'abc#0',
  changes: [],
  ...fields,
});

const ticket = {
  key: '9',
  number: '9',
  title: 'My invoice',
  url: 'https://desk.example.com/9?mail=ann%40example.com',
  status: { native: 'Open', normal: 'open' as const },
  tags: ['vip', 'ann example'],
  custom: { plan: 'gold' },
};

describe('a person taken out of an event', () => {
  /** Known by an event that has all of her. */
  const ann = new ErasedPerson('ANN@example.com');
  ann.learn(eventOf({ ticket: { ...ticket, requester: ANN } }));

  it('of her own ticket: as a person, and in all that was written', () => {
    const changes = [
      { field: 'title', from: 'Bill', to: 'My invoice' },
      { field: 'status', from: 'New', to: 'Open' },
      { field: 'assignee', to: 'Ann Example' },
    ];
    const message = { id: 'm1', text: 'I am lost.', is_internal: false };
    const event = eventOf({ ticket: { ...ticket, requester: ANN, assignee: BOB }, message, changes });
    expect(eraseFromEvent(event, ann, false)).toEqual({
      ...event,
      ticket: {
        ...ticket,
        title: '[erased]',
        url: 'https://desk.example.com/9?mail=[erased]',
        tags: ['vip', '[erased]'],
        custom: { plan: '[erased]' },
        requester: { name: '[erased]' },
        assignee: BOB,
      },
      message: { id: 'm1', text: '[erased]', is_internal: false },
      changes: [
        { field: 'title', from: '[erased]', to: '[erased]' },
        { field: 'status', from: 'New', to: 'Open' },
        { field: 'assignee', to: '[erased]' },
      ],
    });
  });

  it('of what she did, the words; of the event, who did it', () => {
    const actor = { ...ANN, kind: 'agent' as const };
    const message = { text: 'Done.', is_internal: true };
    expect(eraseFromEvent(eventOf({ actor, message }), ann, false)).toEqual(
      eventOf({ actor: { name: '[erased]', kind: 'agent' }, message: { text: '[erased]', is_internal: true } }),
    );
  });

  it('of a ticket of hers that does not say so', () => {
    const erased = eraseFromEvent(eventOf({ ticket, actor: { ...BOB, kind: 'agent' } }), ann, true);
    expect([erased.ticket?.title, erased.actor]).toEqual(['[erased]', { ...BOB, kind: 'agent' }]);
  });

  it('of somebody else’s words, only herself', () => {
    const event = eventOf({
      ticket: { ...ticket, tags: [], url: 'https://desk.example.com/9', requester: BOB, assignee: ANN },
      actor: { ...BOB, kind: 'customer' },
      message: { text: 'ANN   EXAMPLE (Ann@Example.com) knows; Joann Example does not. Anna?', is_internal: false },
    });
    expect(eraseFromEvent(event, ann, false)).toEqual({
      ...event,
      ticket: { ...event.ticket, assignee: { name: '[erased]' } },
      message: { text: '[erased] ([erased]) knows; Joann Example does not. Anna?', is_internal: false },
    });
  });

  it.each([
    ['by her id', { id: 'c7' }, true],
    ['by her name', { name: 'ann example' }, true],
    ['by her address alone', { email: 'Ann@Example.com' }, true],
    ['who has her name and another address', { ...BOB, name: 'Ann Example' }, false],
    ['who has another id', { id: 'c9' }, false],
    ['who has a longer address', { email: 'joann@example.com' }, false],
  ])('is known %s: %j', (_story, person, isHers) => {
    const event = eventOf({ type: 'customer.created', person });
    expect(eraseFromEvent(event, ann, false)).toEqual(isHers ? { ...event, person: { name: '[erased]' } } : event);
  });

  it('is known by an id of one source only', () => {
    const event = eventOf({ source: { ...SOURCE, id: 'another' }, person: { id: 'c7' } });
    expect(eraseFromEvent(event, ann, false)).toEqual(event);
  });

  it('leaves what is erased already as it is', () => {
    const once = eraseFromEvent(eventOf({ ticket: { ...ticket, requester: ANN } }), ann, false);
    expect(eraseFromEvent(once, ann, true)).toEqual(once);
  });

  it('does not take single letters for names', () => {
    const person = new ErasedPerson('x@example.com');
    person.learn(eventOf({ person: { name: 'A', email: 'x@example.com' } }));
    person.learn(eventOf({ person: { name: '42', email: 'x@example.com' } }));
    expect(person.eraseFrom('A ticket, 42 words')).toBe('A ticket, 42 words');
  });
});

describe('whose a ticket is', () => {
  const ann = new ErasedPerson('ann@example.com');
  it.each<[string, Partial<TicketEventDocument>, boolean]>([
    ['the requester’s', { ticket: { ...ticket, requester: ANN } }, true],
    ['not the assignee’s', { ticket: { ...ticket, requester: BOB, assignee: ANN } }, false],
    ['a customer’s who writes in it, where nobody is named', { ticket, actor: { ...ANN, kind: 'customer' } }, true],
    ['not an agent’s who writes in it', { ticket, actor: { ...ANN, kind: 'agent' } }, false],
    ['of whoever creates it', { ticket, actor: { ...ANN, kind: 'unknown' }, type: 'ticket.created' }, true],
    [
      'not of whoever writes in another’s',
      { ticket: { ...ticket, requester: BOB }, actor: { ...ANN, kind: 'customer' } },
      false,
    ],
    ['nobody’s', { actor: { ...ANN, kind: 'customer' } }, false],
  ])('is %s', (_story, fields, isHers) => {
    expect(ann.isTicketOf(eventOf(fields))).toBe(isHers);
  });
});
