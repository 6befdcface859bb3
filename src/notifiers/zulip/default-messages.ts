import type { TicketEventType } from '../../ticket-event/ticket-event.js';

/** A line that links to the ticket, and the message behind `> `; lines of which nothing is known vanish. */
const TICKET = '\n{{ ticket | ticket_link }}\n{{ message.text | quote }}';

const BY_ACTOR = '{% assign actor_name = actor | person %}{% if actor_name != blank %} by {{ actor_name }}{% endif %}';

/** @returns a sentence that begins with a person's name, else one without it. */
function sentenceAbout(path: string, known: string, unknown: string): string {
  return `{% assign who = ${path} | person %}{% if who != blank %}${known}{% else %}${unknown}{% endif %}`;
}

/** @returns who did something, else `somebody` in words. */
function actorElse(somebody: string): string {
  return sentenceAbout('actor', '{{ who }}', somebody);
}

/** @returns ` from Open to Pending`, as far as the event says; `present` names where else the new value may stand. */
function change(field: string, present?: string): string {
  return (
    `{% assign change = changes | where: "field", "${field}" | first %}` +
    `{% assign to = change.to${present === undefined ? '' : ` | default: ${present}`} %}` +
    '{% if change.from != blank %} from {{ change.from }}{% endif %}{% if to != blank %} to {{ to }}{% endif %}'
  );
}

const OPENED =
  '{% assign who = ticket.requester | person %}' +
  '{% if who == blank and actor.kind == "customer" %}{% assign who = actor | person %}{% endif %}' +
  `New ticket has been opened{% if who != blank %} for {{ who }}{% endif %}${TICKET}`;

/**
 * Nothing at all where nobody is named: that a ticket is nobody's is no news. A group that the event does not say it was
 * assigned to is only where the ticket is.
 */
const ASSIGNED =
  '{% assign agent = ticket.assignee | person %}{% assign team = changes | where: "field", "team" | first %}' +
  '{% assign group = changes | where: "field", "group" | first %}' +
  '{% if group.to != blank or team.to != blank or agent != blank %}' +
  '{% if ticket.number != blank %}Ticket #{{ ticket.number }}{% else %}A ticket{% endif %} has been assigned to :' +
  '{% if ticket.group != blank %}\nGroup : {{ ticket.group }}{% endif %}' +
  '{% if team.to != blank %}\nTeam : {{ team.to }}{% endif %}' +
  '{% if agent != blank %}\nAgent : {{ agent }}{% endif %}{% endif %}';

/** One change is told in words, where both sides of it are known; several would be a list, which is what the helpdesk is for. */
const UPDATED =
  '{% assign change = changes | first %}{% if changes.size == 1 and change.from != blank and change.to != blank %}' +
  'The {{ change.field | replace: "_", " " }} of a ticket has been changed' +
  ' from {{ change.from | truncate: 100 }} to {{ change.to | truncate: 100 }}' +
  '{% else %}A ticket has been updated{% endif %}';

const MOVED =
  '{% assign moved = changes | first %}A ticket has been moved' +
  '{% if moved.from != blank %} from {{ moved.from }}{% endif %}' +
  '{% assign to = moved.to | default: ticket.group %}{% if to != blank %} to {{ to }}{% endif %}';

const TAGGED = 'A ticket has been tagged{% if ticket.tags != blank %} with {{ ticket.tags }}{% endif %}';

const ADDED = sentenceAbout('person', '{{ who }} has been added as a customer', 'A customer has been added');
const INVITED = sentenceAbout('person', '{{ who }} has been invited as an agent', 'An agent has been invited');
const ARCHIVED = sentenceAbout('person', 'Agent {{ who }} has been archived', 'An agent has been archived');

/** What is said of an event where its route does not say otherwise: Liquid over a TicketEventDocument. */
export const DEFAULT_MESSAGES: Readonly<Record<TicketEventType, string>> = {
  'ticket.created': OPENED,
  'ticket.opened': `A ticket has been opened${BY_ACTOR}${TICKET}`,
  'ticket.closed': `A ticket has been closed${BY_ACTOR}${TICKET}`,
  'ticket.assigned': ASSIGNED,
  'ticket.status_changed': `The status of a ticket has been changed${change('status', 'ticket.status.native')}${BY_ACTOR}${TICKET}`,
  'ticket.priority_changed': `The priority of a ticket has been changed${change('priority', 'ticket.priority.native')}${BY_ACTOR}${TICKET}`,
  'ticket.group_changed': `The group of a ticket has been changed${change('group', 'ticket.group')}${BY_ACTOR}${TICKET}`,
  'ticket.moved': `${MOVED}${BY_ACTOR}${TICKET}`,
  'ticket.tagged': `${TAGGED}${BY_ACTOR}${TICKET}`,
  'ticket.updated': `${UPDATED}${BY_ACTOR}${TICKET}`,
  'ticket.owner_changed': `The owner of a ticket has been changed${change('owner')}${BY_ACTOR}${TICKET}`,
  'ticket.due_date_changed': `The due date of a ticket has been changed${change('due_date')}${BY_ACTOR}${TICKET}`,
  'ticket.deleted': `A ticket has been deleted${BY_ACTOR}${TICKET}`,
  'message.customer_replied': `${actorElse('A customer')} has replied to a ticket${TICKET}`,
  'message.agent_replied': `${actorElse('An agent')} has replied to a ticket${TICKET}`,
  'message.note_added': `${actorElse('An agent')} has left a note on a ticket${TICKET}`,
  'customer.created': `${ADDED}${BY_ACTOR}${TICKET}`,
  'agent.invited': `${INVITED}${BY_ACTOR}${TICKET}`,
  'agent.archived': `${ARCHIVED}${BY_ACTOR}${TICKET}`,
  'service.available': `The ticket service {{ source.name }} is available again${TICKET}`,
  'service.unavailable': `The ticket service {{ source.name }} is unavailable${TICKET}`,
  ping: `A ping has arrived from {{ source.name }}${TICKET}`,
};
