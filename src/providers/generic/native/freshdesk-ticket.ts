import type { Actor, Ticket } from '../../../ticket-event/ticket-event.js';
import { makePerson } from '../../make-person.js';
import { omitUndefined } from '../../omit-undefined.js';
import { toMarkdown } from '../../read-markup.js';
import { type Payload, readLine, readText, readValue } from '../../read-payload.js';
import { readWebAddress } from '../../read-web-address.js';
import { distinctLines, MOST_LINES } from './read-lines.js';
import { FRESHDESK_PRIORITIES, FRESHDESK_STATUSES, readTerm } from './vocabulary.js';

/** A latest comment comes as `Ann Agent : <div>…</div>`. */
const AUTHOR = /^\s*([^<>:\n]{1,100}?) : /;

/**
 * Reads the fields that an admin can tick for a webhook's content. Several were renamed over the years.
 *
 * @returns undefined where the payload does not say which ticket it is about
 */
export function readFreshdeskTicket(webhook: Payload): Ticket | undefined {
  const number = readLine(webhook, 'ticket_id');
  if (number === undefined) return undefined;
  return omitUndefined<Ticket>({
    key: number,
    number,
    title: readLine(webhook, 'ticket_subject'),
    url: firstOf(['ticket_url', 'ticket_portal_url'], (name) => readWebAddress(readValue(webhook, name))),
    status: readTerm(readLine(webhook, 'ticket_status'), FRESHDESK_STATUSES),
    priority: readTerm(readLine(webhook, 'ticket_priority'), FRESHDESK_PRIORITIES),
    group: readLine(webhook, 'ticket_group_name'),
    category: readLine(webhook, 'ticket_type'),
    platform: 'freshdesk',
    assignee: makePerson({
      name: readLine(webhook, 'ticket_agent_name'),
      email: readLine(webhook, 'ticket_agent_email'),
    }),
    requester: readRequester(webhook),
    tags: readTags(webhook),
    custom: {},
  });
}

/** @returns the latest message of a ticket and who wrote it, as far as the payload says: that takes a field of its own */
export function readFreshdeskComment(
  webhook: Payload,
  isInternal: boolean,
  { requester, assignee }: Ticket,
): { actor: Actor; text: string } {
  const field = isInternal ? 'latest_private_comment' : 'latest_public_comment';
  const comment = readText(webhook, `ticket_${field}`) ?? readText(webhook, field) ?? '';
  const name = AUTHOR.exec(comment)?.[1];
  const kind = name !== undefined && name === requester?.name && !isInternal ? 'customer' : 'agent';
  const known = [requester, assignee].find((person) => name !== undefined && person?.name === name);
  return {
    actor: { ...(known ?? makePerson({ name })), kind },
    text: toMarkdown(comment.replace(AUTHOR, '')) ?? '',
  };
}

function readRequester(webhook: Payload): Ticket['requester'] {
  const line = (name: string): string | undefined => readLine(webhook, name);
  return makePerson({
    name: firstOf(['requester_name', 'ticket_requester_name', 'ticket_contact_name'], line),
    email: firstOf(['requester_email', 'ticket_requester_email', 'ticket_contact_email'], line),
  });
}

function readTags(webhook: Payload): string[] {
  return distinctLines((readLine(webhook, 'ticket_tags') ?? '').split(',', MOST_LINES));
}

function firstOf(names: readonly string[], read: (name: string) => string | undefined): string | undefined {
  return names.map(read).find((value) => value !== undefined);
}
