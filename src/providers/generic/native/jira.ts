import { InvalidPayloadError, MissingEventNameError, UnsupportedEventError } from '../../../ticket-event/errors.js';
import type { SourceSettings } from '../../../ticket-event/provider-adapter.js';
import type { Actor, Message, Ticket, TicketEventDraft } from '../../../ticket-event/ticket-event.js';
import { messageType } from '../../message-type.js';
import { omitUndefined } from '../../omit-undefined.js';
import { asPayload, type Payload, readFlag, readLine, readPayload, readValue } from '../../read-payload.js';
import type { GenericReader } from '../generic-reader.js';
import { isTicketForm } from '../ticket-form.js';
import { readJiraChanges } from './jira-changes.js';
import { readJiraActor, readJiraIssue } from './jira-issue.js';
import { readJiraText } from './jira-text.js';
import { type EventFacts, makeDrafts, nativeTypeOf } from './native-drafts.js';

type Facts = Omit<EventFacts, 'nativeType'>;

interface Webhook {
  body: Payload;
  ticket: Ticket;
  /** Who did it; absent where nobody is named, as in what automations do. */
  actor: Actor | undefined;
}

const PLATFORM = 'jira';
const EVENT_FIELD = 'webhookEvent';
/** The same over all retries of a delivery: https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
const DELIVERY_HEADER = 'x-atlassian-webhook-identifier';
/** Which kind of update it was. */
const SUB_EVENT_FIELD = 'issue_event_type_name';
const COMMENTED = 'issue_commented';
/** The last moment that a Date can tell. */
const LAST_MS = 8.64e15;

const EVENTS: ReadonlyMap<string, (webhook: Webhook) => Facts[]> = new Map([
  ['issue_created', readCreated],
  ['issue_updated', readUpdated],
  ['issue_deleted', readDeleted],
  ['comment_created', readComment],
]);

export const JIRA_NATIVE_TYPES: readonly string[] = [...EVENTS.keys()].map((name) => nativeTypeOf(PLATFORM, name));

/** Jira's webhooks, of Cloud and of Data Center. What names no issue and fills in the ticket form is a form. */
export const readJira: GenericReader = (body, { headers }, source) => {
  const deliveryId = readLine(headers, DELIVERY_HEADER);
  const event = readLine(body, EVENT_FIELD);
  if (event === undefined && deliveryId === undefined) return undefined;
  if (!asPayload(readValue(body, 'issue')) && isTicketForm(body)) return undefined;
  if (event === undefined) throw new MissingEventNameError(`the field ${EVENT_FIELD}`);
  const name = event.replace(/^jira:/, '');
  const nativeType = nativeTypeOf(PLATFORM, name);
  const read = EVENTS.get(name);
  if (!read) throw new UnsupportedEventError(nativeType);
  const facts = read(readWebhook(body, source));
  const drafts = facts.map((fact): EventFacts => ({ nativeType, ...fact }));
  return makeDrafts(drafts, { id: commentIn(facts) ?? deliveryId, occurredAt: readMoment(body) });
};

function readWebhook(body: Payload, source: SourceSettings): Webhook {
  const ticket = readJiraIssue(readPayload(body, 'issue'), source);
  if (!ticket) throw new InvalidPayloadError('The payload names no issue: issue.key is missing.');
  return { body, ticket, actor: readJiraActor(readPayload(body, 'user'), ticket) };
}

function readCreated({ body, ticket, actor }: Webhook): Facts[] {
  const text = readJiraText(readPayload(readPayload(body, 'issue'), 'fields'), 'description');
  const message = text === undefined ? undefined : { text, isInternal: false };
  return [omitUndefined<Facts>({ type: 'ticket.created', ticket, actor, message, changes: [] })];
}

function readDeleted({ ticket, actor }: Webhook): Facts[] {
  return [omitUndefined<Facts>({ type: 'ticket.deleted', ticket, actor, changes: [] })];
}

/** One event for each kind of change. A comment that comes with changes is left to the webhook of its own that it has. */
function readUpdated(webhook: Webhook): Facts[] {
  const { body, ticket, actor } = webhook;
  const kinds = readJiraChanges(body);
  if (kinds.length === 0 && asPayload(readValue(body, 'comment'))) {
    const subEvent = readLine(body, SUB_EVENT_FIELD) ?? COMMENTED;
    if (subEvent !== COMMENTED) throw new UnsupportedEventError(nativeTypeOf(PLATFORM, subEvent));
    return readComment(webhook);
  }
  const events = kinds.length > 0 ? kinds : [{ type: 'ticket.updated' as const, changes: [] }];
  return events.map((event) => omitUndefined<Facts>({ ...event, ticket, actor }));
}

/** Only projects with a customer portal tell internal comments from public ones. */
function readComment({ body, ticket, actor: doer }: Webhook): Facts[] {
  const comment = readPayload(body, 'comment');
  const isInternal = readFlag(comment, 'jsdPublic') === false;
  const actor = readJiraActor(readPayload(comment, 'author'), ticket) ?? doer;
  const message = omitUndefined<Message>({
    id: readLine(comment, 'id'),
    text: readJiraText(comment, 'body') ?? '',
    isInternal,
  });
  const type = messageType(actor?.kind ?? 'unknown', isInternal);
  return [omitUndefined<Facts>({ type, ticket, actor, message, changes: [] })];
}

/**
 * @returns the id of a webhook that is all about a comment: Jira may announce one twice, as `comment_created` and as
 * `jira:issue_updated`, under two delivery ids
 */
function commentIn([fact]: readonly Facts[]): string | undefined {
  return fact?.message?.id === undefined ? undefined : `jira comment ${fact.message.id}`;
}

function readMoment(body: Payload): TicketEventDraft['occurredAt'] {
  const milliseconds = Number(readLine(body, 'timestamp'));
  return milliseconds > 0 && milliseconds <= LAST_MS ? new Date(milliseconds) : undefined;
}
