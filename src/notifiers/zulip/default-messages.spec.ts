import { TICKET_EVENT_TYPES, type TicketEventType } from '../../ticket-event/ticket-event.js';
import { buildEvent, type EventTraits } from '../testing/event-builder.js';
import { composeMessage } from './compose-message.js';

const URL_9 = 'https://ghostfox.groovehq.com/groove_client/tickets/68659446';
const TICKET_9 = { number: '9', title: 'Test Subject', url: URL_9 };
const LINK_9 = `[Ticket #9 Test Subject](${URL_9})`;
const AGENT = { email: 'agent@example.com', kind: 'agent' } as const;

const destination = { id: 'd', name: 'Zulip', settings: {}, secrets: {} };

/** @returns the message's content, or why there is none */
function say(type: TicketEventType, traits: EventTraits = {}): string {
  const composition = composeMessage({ event: buildEvent(type, traits), route: {}, destination }, 'support');
  return composition.kind === 'message' ? composition.message.content : composition.reason;
}

const text = (...lines: string[]): { text: string; is_internal: boolean } => ({
  text: lines.join('\n'),
  is_internal: false,
});

describe('the default messages', () => {
  it('of a new ticket', () => {
    const traits = { ticket: { ...TICKET_9, requester: { name: 'Test Name', email: 'test@example.com' } } };
    expect(say('ticket.created', { ...traits, message: text('first line of the message', 'second line') })).toBe(
      `New ticket has been opened for Test Name\n${LINK_9}\n> first line of the message\n> second line`,
    );
    expect(say('ticket.created', traits)).toBe(`New ticket has been opened for Test Name\n${LINK_9}`);
  });

  it.each<[string, EventTraits, string]>([
    ['nothing is known', {}, 'New ticket has been opened'],
    ['only a ticket', { ticket: {} }, 'New ticket has been opened'],
    [
      'no URL',
      { ticket: { number: '9', title: 'Test Subject' } },
      'New ticket has been opened\nTicket #9 Test Subject',
    ],
    ['only a URL', { ticket: { url: URL_9 } }, `New ticket has been opened\n[Ticket](${URL_9})`],
    ['only a title', { ticket: { title: 'Test Subject' } }, 'New ticket has been opened\nTicket Test Subject'],
    ['a message, no ticket', { message: text('Hi') }, 'New ticket has been opened\n> Hi'],
    ['a customer who opened it', { actor: { name: 'C', kind: 'customer' } }, 'New ticket has been opened for C'],
    ['an agent who opened it', { actor: AGENT }, 'New ticket has been opened'],
  ])('of a new ticket of which is known: %s', (_what, traits, expected) => {
    expect(say('ticket.created', traits)).toBe(expected);
  });

  it('of an assignment', () => {
    const assignee = { email: 'agent@example.com' };
    expect(say('ticket.assigned', { ticket: { number: '3', group: 'group2', assignee } })).toBe(
      'Ticket #3 has been assigned to :\nGroup : group2\nAgent : agent@example.com',
    );
    const toGroup = [{ field: 'group', to: 'group2' }];
    expect(say('ticket.assigned', { ticket: { number: '3', group: 'group2' }, changes: toGroup })).toBe(
      'Ticket #3 has been assigned to :\nGroup : group2',
    );
    const toTeam = [{ field: 'team', to: 'Night shift' }];
    expect(say('ticket.assigned', { ticket: { number: '3', group: 'group2' }, changes: toTeam })).toBe(
      'Ticket #3 has been assigned to :\nGroup : group2\nTeam : Night shift',
    );
    expect(say('ticket.assigned', { ticket: { number: '3', assignee: { ...assignee, name: 'Alex Agent' } } })).toBe(
      'Ticket #3 has been assigned to :\nAgent : Alex Agent',
    );
    expect(say('ticket.assigned', { ticket: { ...TICKET_9, assignee } })).toBe(
      'Ticket #9 has been assigned to :\nAgent : agent@example.com',
    );
    expect(say('ticket.assigned', { ticket: { assignee } })).toBe(
      'A ticket has been assigned to :\nAgent : agent@example.com',
    );
  });

  it.each<[EventTraits]>([
    [{}],
    [{ ticket: { number: '3' } }],
    [{ ticket: { number: '3', group: 'where it is anyway' } }],
    [{ ticket: { number: '3', group: ' ', assignee: {} } }],
  ])('of an assignment to nobody: none', (traits) => {
    expect(say('ticket.assigned', traits)).toBe('nothing_to_say');
  });

  it('of replies and notes', () => {
    const ticket = { number: '3', url: 'https://example.com/tickets/3' };
    const customer = { email: 'customer@example.com', kind: 'customer' } as const;
    expect(say('message.customer_replied', { ticket, actor: customer, message: text('replied message') })).toBe(
      'customer@example.com has replied to a ticket\n[Ticket #3](https://example.com/tickets/3)\n> replied message',
    );
    expect(say('message.agent_replied', { ticket, actor: AGENT, message: text('replied message') })).toBe(
      'agent@example.com has replied to a ticket\n[Ticket #3](https://example.com/tickets/3)\n> replied message',
    );
    expect(
      say('message.note_added', {
        ticket: { number: '4', url: 'https://example.com/tickets/4' },
        actor: AGENT,
        message: { text: 'note message', is_internal: true },
      }),
    ).toBe('agent@example.com has left a note on a ticket\n[Ticket #4](https://example.com/tickets/4)\n> note message');
  });

  it.each<[TicketEventType, string]>([
    ['message.customer_replied', 'A customer has replied to a ticket\nTicket #3\n> m'],
    ['message.agent_replied', 'An agent has replied to a ticket\nTicket #3\n> m'],
    ['message.note_added', 'An agent has left a note on a ticket\nTicket #3\n> m'],
  ])('of %s by somebody unknown, on a ticket without a URL', (type, expected) => {
    expect(say(type, { ticket: { number: '3' }, actor: { kind: 'unknown' }, message: text('m') })).toBe(expected);
  });

  const SENTENCES: [TicketEventType, EventTraits, string, string][] = [
    ['ticket.opened', {}, 'A ticket has been opened', 'by'],
    ['ticket.closed', {}, 'A ticket has been closed', 'by'],
    ['ticket.status_changed', {}, 'The status of a ticket has been changed', 'by'],
    [
      'ticket.status_changed',
      { changes: [{ field: 'status', from: 'Open', to: 'On hold' }] },
      'The status of a ticket has been changed from Open to On hold',
      'by',
    ],
    [
      'ticket.status_changed',
      { ticket: { ...TICKET_9, status: { native: 'On hold', normal: 'pending' } } },
      'The status of a ticket has been changed to On hold',
      'by',
    ],
    [
      'ticket.priority_changed',
      {
        changes: [
          { field: 'other', to: 'x' },
          { field: 'priority', from: 'Low', to: 'Emergency' },
        ],
      },
      'The priority of a ticket has been changed from Low to Emergency',
      'by',
    ],
    [
      'ticket.group_changed',
      { changes: [{ field: 'group', to: 'Sales' }] },
      'The group of a ticket has been changed to Sales',
      'by',
    ],
    [
      'ticket.moved',
      { changes: [{ field: 'group', from: 'Support', to: 'Sales' }] },
      'A ticket has been moved from Support to Sales',
      'by',
    ],
    ['ticket.moved', {}, 'A ticket has been moved', 'by'],
    [
      'ticket.tagged',
      { ticket: { ...TICKET_9, tags: ['vip', 'a_b'] } },
      'A ticket has been tagged with vip, a&#95;b',
      'by',
    ],
    ['ticket.tagged', {}, 'A ticket has been tagged', 'by'],
    ['ticket.updated', {}, 'A ticket has been updated', 'by'],
    ['ticket.updated', { changes: [{ field: 'message' }] }, 'A ticket has been updated', 'by'],
    ['ticket.updated', { changes: [{ field: 'spam', to: 'true' }] }, 'A ticket has been updated', 'by'],
    ['ticket.updated', { changes: [{ field: 'title' }, { field: 'type' }] }, 'A ticket has been updated', 'by'],
    [
      'ticket.updated',
      { changes: [{ field: 'custom_field', from: 'a*b', to: 'c'.repeat(200) }] },
      `The custom field of a ticket has been changed from a&#42;b to ${'c'.repeat(97)}...`,
      'by',
    ],
    [
      'ticket.owner_changed',
      { changes: [{ field: 'owner', from: 'Kim', to: 'Lee' }] },
      'The owner of a ticket has been changed from Kim to Lee',
      'by',
    ],
    [
      'ticket.due_date_changed',
      { changes: [{ field: 'due_date', to: '2026-07-02' }] },
      'The due date of a ticket has been changed to 2026-07-02',
      'by',
    ],
    ['ticket.deleted', {}, 'A ticket has been deleted', 'by'],
    ['customer.created', {}, 'A customer has been added', 'by'],
    ['customer.created', { person: { name: 'Kim' } }, 'Kim has been added as a customer', 'by'],
    ['agent.invited', {}, 'An agent has been invited', 'by'],
    ['agent.invited', { person: { email: 'kim@example.com' } }, 'kim@example.com has been invited as an agent', 'by'],
    ['agent.archived', {}, 'An agent has been archived', 'by'],
    ['agent.archived', { person: { id: '17' } }, 'Agent 17 has been archived', 'by'],
    ['service.available', {}, 'The ticket service Groove is available again', ''],
    ['service.unavailable', {}, 'The ticket service Groove is unavailable', ''],
    ['ping', {}, 'A ping has arrived from Groove', ''],
  ];

  it.each(SENTENCES)('of %s, %j', (type, traits, sentence, by) => {
    expect(say(type, traits)).toBe(traits.ticket ? `${sentence}\n${LINK_9}` : sentence);
    const whole = { ticket: TICKET_9, ...traits, actor: AGENT, message: text('Hello', '', 'Bye') };
    expect(say(type, whole)).toBe(`${sentence}${by && ' by agent@example.com'}\n${LINK_9}\n> Hello\n> \n> Bye`);
  });

  it('say something of every type', () => {
    for (const type of TICKET_EVENT_TYPES) {
      const ticket = { ...TICKET_9, group: 'g', assignee: { name: 'Ann' } };
      expect(say(type, { ticket })).toMatch(/^[A-Z][\w ]+/);
    }
  });
});
