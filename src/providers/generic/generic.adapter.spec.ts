import { join } from 'node:path';
import { UnsupportedEventError } from '../../ticket-event/errors.js';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { describeProvider } from '../testing/describe-provider.js';
import { GenericAdapter } from './generic.adapter.js';

const SOURCE = { id: '0190a000-0000-7000-8000-000000000000', name: 'Support', settings: {} };
const ZENDESK = {
  id: 'c6d7e8f9-0a1b-2c3d-4e5f-6a7b8c9d0e1f',
  type: 'zen:event-type:ticket.status_changed',
  time: '2025-01-08T16:45:20Z',
  detail: { id: '5158', subject: 'Cannot login', status: 'SOLVED' },
  event: { current: 'SOLVED', previous: 'OPEN' },
};
const FRESHDESK = { triggered_event: '{status:{from:2,to:3}}', ticket_id: '11', ticket_status: 'Pending' };
const JIRA = {
  timestamp: 1485797534721,
  webhookEvent: 'jira:issue_updated',
  issue: { id: '10000', key: 'TEST-1', fields: { status: { name: 'Done' } } },
  changelog: { items: [{ field: 'status', fromString: 'To Do', toString: 'Done' }] },
};
const SERVICENOW = {
  sys_id: '9d385017c611228701d22104cc95c371',
  number: 'INC0010041',
  short_description: 'Email down',
  state: '6',
  previous_state: '2',
  sys_updated_on: '2025-01-08 11:00:00',
};

describeProvider(() => new GenericAdapter(), {
  fixturesDir: join(__dirname, 'fixtures'),
  source: { ...SOURCE, settings: { base_url: 'https://desk.example.com/' } },
});

describe('which webhooks are native', () => {
  it.each([
    ['zendesk.ticket.status_changed', ZENDESK],
    ['freshdesk.status', FRESHDESK],
    ['freshdesk.status', { freshdesk_webhook: FRESHDESK }],
    ['jira.issue_updated', JIRA],
    ['servicenow.update', SERVICENOW],
    // Whoever fills in the form says so by its fields, whatever else stands there.
    ['ticket.created', { ...SERVICENOW, title: 'Email down', description: 'x', platform: 'servicenow' }],
    ['ticket.created', { subject: 'x', description: 'y', platform: 'zendesk', type: 'incident' }],
    ['ticket.created', { title: 'x', body: 'y', platform: 'freshdesk', freshdesk_webhook: 'none' }],
  ])('%s', (nativeType, body) => {
    expect(normalise(body).map((draft) => draft.nativeType)).toEqual([nativeType]);
  });

  it.each([
    ['zendesk.user.created', { ...ZENDESK, type: 'zen:event-type:user.created' }],
    ['zendesk.ticket.sla_policy_changed', { ...ZENDESK, type: 'zen:event-type:ticket.sla_policy_changed' }],
    ['zendesk.__proto__', { ...ZENDESK, type: 'zen:event-type:__proto__' }],
    ['freshdesk.customer_feedback', { ...FRESHDESK, triggered_event: '{customer_feedback:happy}' }],
    ['freshdesk.ticket_action', { ...FRESHDESK, triggered_event: '{ticket_action:marked_spam}' }],
    ['freshdesk.unreadable', { ...FRESHDESK, triggered_event: 'created' }],
    ['jira.comment_deleted', { ...JIRA, webhookEvent: 'comment_deleted' }],
    ['jira.version_released', { ...JIRA, webhookEvent: 'jira:version_released' }],
    [`jira.${'x'.repeat(95)}`, { ...JIRA, webhookEvent: 'x'.repeat(10_000) }],
  ])('calls %.60s unsupported', (nativeType, body) => {
    expect(() => normalise(body)).toThrow(new UnsupportedEventError(nativeType));
    expect(outcomeOf(body)).toMatchObject({ nativeType });
  });
});

describe('links to native tickets', () => {
  const linkOf = (body: unknown, settings: Record<string, unknown>): string | undefined =>
    normalise(body, settings)[0]?.ticket?.url;

  it('need an address in the settings where the payload has none', () => {
    expect([ZENDESK, FRESHDESK, JIRA, SERVICENOW].map((body) => linkOf(body, {}))).toEqual(Array(4).fill(undefined));
  });

  it.each([
    ['https://acme.zendesk.com', 'https://acme.zendesk.com/agent/tickets/5158'],
    ['https://acme.zendesk.com/', 'https://acme.zendesk.com/agent/tickets/5158'],
    ['https://example.com/help//?a=b#c', 'https://example.com/help/agent/tickets/5158'],
    ['javascript:alert(1)', undefined],
    ['https://user:word@example.com', undefined],
    [7, undefined],
  ])('are made of %p', (base_url, url) => {
    expect(linkOf(ZENDESK, { base_url })).toBe(url);
  });

  it('are encoded', () => {
    const base_url = 'https://desk.example.com';
    expect(linkOf({ ...ZENDESK, detail: { id: '../a?b\ud800' } }, { base_url })).toBe(
      'https://desk.example.com/agent/tickets/..%2Fa%3Fb%EF%BF%BD',
    );
    expect(linkOf({ ...SERVICENOW, sys_id: 'a&b=c' }, { base_url })).toBe(
      'https://desk.example.com/nav_to.do?uri=incident.do%3Fsys_id%3Da%26b%3Dc',
    );
  });
});

describe('the identity of a webhook', () => {
  it('is the id of the delivery at Zendesk and Jira', () => {
    const headers = { 'x-atlassian-webhook-identifier': 'delivery-1' };
    expect(identityOf(ZENDESK)).toEqual({ kind: 'delivery_id', value: ZENDESK.id });
    expect(identityOf(JIRA, headers)).toEqual({ kind: 'delivery_id', value: 'delivery-1' });
  });

  it('is the content elsewhere', () => {
    expect([FRESHDESK, JIRA, SERVICENOW].map((body) => identityOf(body)?.kind)).toEqual(Array(3).fill('content'));
  });

  it.each([
    ['Freshdesk: the way back', FRESHDESK, { triggered_event: '{status:{from:3,to:2}}', ticket_status: 'Open' }],
    ['Freshdesk: another ticket', FRESHDESK, { ticket_id: '12' }],
    ['Jira: a moment later', JIRA, { timestamp: 1485797534722 }],
    ['ServiceNow: a second later', SERVICENOW, { sys_updated_on: '2025-01-08 11:00:01' }],
    ['ServiceNow: the next update of one second', SERVICENOW, { sys_mod_count: '4' }],
  ])('tells happenings apart: %s', (_what, body, other) => {
    expect(identityOf({ ...body, ...other })).not.toEqual(identityOf(body));
  });

  it('does not hang on what says nothing', () => {
    expect(identityOf({ ...FRESHDESK, ticket_id: 11, ticket_agent_name: '', other: 1 })).toEqual(identityOf(FRESHDESK));
    expect(identityOf({ ...JIRA, timestamp: '1485797534721', matchedWebhookIds: [1] })).toEqual(identityOf(JIRA));
  });

  it('is one for a comment that Jira announces twice', () => {
    const { changelog: _changelog, ...issue } = JIRA;
    const comment = { id: '10501', body: 'Please try again.' };
    const headers = (id: string): Record<string, string> => ({ 'x-atlassian-webhook-identifier': id });
    const alone = identityOf({ ...issue, webhookEvent: 'comment_created', comment }, headers('1'));
    expect(alone).toEqual({ kind: 'delivery_id', value: 'jira comment 10501' });
    expect(identityOf({ ...issue, comment }, headers('2'))).toEqual(alone);
  });

  it('is shared by the events of one webhook', () => {
    const drafts = normalise({ ...FRESHDESK, triggered_event: '{status:{from:2,to:3},priority:{from:1,to:2}}' });
    expect(drafts).toHaveLength(2);
    expect(drafts[0]?.identity).toEqual(drafts[1]?.identity);
  });
});

function normalise(
  body: unknown,
  settings: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): TicketEventDraft[] {
  const request = { headers, query: {}, body, rawBody: Buffer.alloc(0) };
  return new GenericAdapter().normalise(request, { ...SOURCE, settings });
}

function outcomeOf(body: unknown): unknown {
  try {
    return normalise(body);
  } catch (error) {
    return error;
  }
}

function identityOf(body: unknown, headers?: Record<string, string>): TicketEventDraft['identity'] | undefined {
  return normalise(body, {}, headers)[0]?.identity;
}
