import { UnsupportedEventError } from '../../ticket-event/errors.js';
import { TicketDeskAdapter } from './ticket-desk.adapter.js';

describe('the provider ticket-desk', () => {
  it.each([
    [{ event: 'ticket_opened', created: '2026-01-01T00:00:00Z', data: { ticket_message: 'Lost' } }, 'ticket_opened'],
    [{ event: '__proto__' }, '__proto__'],
    [{ event: ' ' }, 'webhook'],
    [{ event: 5 }, '5'],
    [{}, 'webhook'],
    [[], 'webhook'],
    ['text', 'webhook'],
    [null, 'webhook'],
  ])('takes no webhooks: %j', (body, nativeType) => {
    const request = { headers: {}, query: {}, body, rawBody: Buffer.alloc(0) };
    expect(() => new TicketDeskAdapter().normalise(request)).toThrow(new UnsupportedEventError(nativeType));
    try {
      new TicketDeskAdapter().normalise(request);
    } catch (error) {
      expect(error).toMatchObject({ nativeType });
    }
  });
});
