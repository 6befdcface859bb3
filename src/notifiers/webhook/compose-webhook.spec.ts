import type { TicketEventType } from '../../ticket-event/ticket-event.js';
import { TICKET_EVENT_TYPES } from '../../ticket-event/ticket-event.js';
import { webhookEventName } from '../../ticket-event/webhook-event-name.js';
import { buildEvent } from '../testing/event-builder.js';
import { composeWebhook } from './compose-webhook.js';

const ticket = { number: '9', title: 'Test Subject' };
const message = { text: 'User cannot access the dashboard.', is_internal: false };
const bodyOf = (type: TicketEventType, parts: object = { ticket, message }): unknown =>
  JSON.parse(composeWebhook(buildEvent(type, parts), 'envelope'));

describe('the envelope', () => {
  it('is that of the integration guide, to the letter', () => {
    const event = { ...buildEvent('ticket.created', { ticket, message }), occurred_at: '2023-01-01T12:00:00.000Z' };
    expect(composeWebhook(event, 'envelope')).toBe(
      '{"event":"ticket_opened","created":"2023-01-01T12:00:00.000Z","data":{"ticket_message":"User cannot access the dashboard."}}',
    );
  });

  it.each<[TicketEventType, string, object]>([
    ['ticket.created', 'ticket_opened', { ticket_message: message.text }],
    ['ticket.updated', 'ticket_updated', { ticket_message: message.text }],
    ['ticket.closed', 'ticket_closed', {}],
    ['service.unavailable', 'service_unavailable', {}],
    ['service.available', 'service_available', {}],
    ['ping', 'ping', {}],
    ['ticket.opened', 'ticket_reopened', { ticket_message: message.text }],
    ['message.customer_replied', 'message_customer_replied', { ticket_message: message.text }],
  ])('of %s is called %s', (type, event, data) => {
    expect(bodyOf(type)).toMatchObject({ event, data });
    expect(bodyOf(type)).toHaveProperty('data', data);
  });

  it.each<[TicketEventType, object]>([
    ['ticket.created', { ticket_message: 'Test Subject' }],
    ['ticket.assigned', {}],
  ])('of %s without a message', (type, data) => {
    expect(bodyOf(type, { ticket })).toHaveProperty('data', data);
  });

  it('has a name of its own for every type', () => {
    expect(new Set(TICKET_EVENT_TYPES.map(webhookEventName)).size).toBe(TICKET_EVENT_TYPES.length);
  });
});

describe('a CloudEvent', () => {
  it('holds the whole event', () => {
    const event = buildEvent('ticket.created', { ticket, message });
    expect(JSON.parse(composeWebhook(event, 'cloudevents'))).toEqual({
      specversion: '1.0',
      id: event.id,
      source: `/sources/${event.source.id}`,
      type: 'ticket.created',
      subject: event.ticket?.key,
      time: event.occurred_at,
      datacontenttype: 'application/json',
      data: JSON.parse(JSON.stringify(event)) as unknown,
    });
  });

  it('has no subject where there is no ticket', () => {
    expect(JSON.parse(composeWebhook(buildEvent('ping'), 'cloudevents'))).not.toHaveProperty('subject');
  });
});
