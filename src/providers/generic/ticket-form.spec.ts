import { InvalidPayloadError } from '../../ticket-event/errors.js';
import { readTicketForm } from './ticket-form.js';

const FORM = {
  title: 'Billing inquiry',
  description: 'Question about monthly subscription charges',
  category: 'billing',
  priority: 'low',
  customer_email: 'billing@example.com',
  user_id: 'u-1',
  id: 'ext-789',
  platform: 'custom_system',
  metadata: { source_url: 'https://example.com/ticket/789', department: 'finance' },
};

describe('the ticket form', () => {
  it('opens a ticket and tells of it', () => {
    const { opens, ticket, message } = readTicketForm(FORM);
    expect(opens).toEqual({
      title: 'Billing inquiry',
      description: 'Question about monthly subscription charges',
      category: 'billing',
      priority: 'low',
      userId: 'u-1',
      userEmail: 'billing@example.com',
      metadata: {
        source_url: 'https://example.com/ticket/789',
        department: 'finance',
        external_id: 'ext-789',
        platform: 'custom_system',
        source: 'webhook',
      },
    });
    expect(ticket).toEqual({
      key: 'ext-789',
      title: 'Billing inquiry',
      url: 'https://example.com/ticket/789',
      status: { native: 'new', normal: 'open' },
      priority: { native: 'low', normal: 'low' },
      category: 'billing',
      platform: 'custom_system',
      requester: { id: 'u-1', email: 'billing@example.com' },
      tags: [],
      custom: {
        source_url: 'https://example.com/ticket/789',
        department: 'finance',
        external_id: 'ext-789',
        platform: 'custom_system',
        source: 'webhook',
      },
    });
    expect(message).toEqual({ text: 'Question about monthly subscription charges', isInternal: false });
  });

  it.each([
    [{}, 'Title or subject is required'],
    [{ title: ' ', subject: null, description: 'x' }, 'Title or subject is required'],
    [{ title: { text: 'x' }, description: 'x' }, 'Title or subject is required'],
    [{ subject: 'x' }, 'Description or body is required'],
    [{ title: 'x', description: '\n', body: [] }, 'Description or body is required'],
    [[FORM], 'The body is not an object.'],
    ['text', 'The body is not an object.'],
    [null, 'The body is not an object.'],
    [undefined, 'The body is not an object.'],
  ])('refuses %j', (body, message) => {
    expect(() => readTicketForm(body)).toThrow(new InvalidPayloadError(message));
  });

  it.each([undefined, null, 'text', 7, ['a']])('ignores metadata that is no object: %j', (metadata) => {
    expect(readTicketForm({ title: 'x', body: 'y', metadata }).opens.metadata).toEqual({
      platform: 'external',
      source: 'webhook',
    });
  });

  it('lets no metadata contradict what is stored', () => {
    const metadata = { platform: 'other', source: 'mail', external_id: 'none' };
    const { opens, ticket } = readTicketForm({ ...FORM, metadata });
    const stored = { external_id: 'ext-789', platform: 'custom_system', source: 'webhook' };
    expect([opens.metadata, ticket.custom]).toEqual([stored, stored]);
  });

  it('keeps metadata of any kind, but not without bounds', () => {
    const withMetadata = (metadata: unknown): unknown => readTicketForm({ ...FORM, metadata }).opens.metadata;
    expect(withMetadata({ a: [1, { b: null }], c: true })).toMatchObject({ a: [1, { b: null }], c: true });
    expect(() => withMetadata({ a: Array(5_000).fill(0) })).toThrow('The metadata holds more than 5000 values.');
    expect(() => withMetadata(nested(100))).toThrow('The metadata nests deeper than 100 levels.');
    expect(withMetadata(nested(99))).toBeDefined();
  });

  it('leaves an object without a prototype of its own as it is', () => {
    const metadata: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    const { metadata: kept } = readTicketForm({ ...FORM, metadata }).opens;
    expect(Object.keys(kept)).toContain('__proto__');
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  });
});

describe('the identity of a ticket form', () => {
  const identityOf = (form: unknown): unknown => readTicketForm(form).identity;

  it.each([
    ['second names that are not needed', { ...FORM, subject: 'x', body: 'y', user_email: 'z@example.com' }],
    ['ids as numbers or as text', { ...FORM, id: 'ext-789 ' }],
    ['capitals of a category', { ...FORM, category: ' Billing' }],
    ['unknown fields', { ...FORM, colour: 'red' }],
  ])('is the same whatever %s', (_what, other) => {
    expect(identityOf(other)).toEqual(identityOf(FORM));
  });

  it.each([
    { title: 'Other' },
    { description: 'Other' },
    { category: 'other' },
    { priority: 'high' },
    { customer_email: 'other@example.com' },
    { user_id: 'u-2' },
    { id: 'ext-790' },
    { platform: 'other' },
    { metadata: { ...FORM.metadata, department: 'sales' } },
  ])('is another for %j', (other) => {
    expect(identityOf({ ...FORM, ...other })).not.toEqual(identityOf(FORM));
  });
});

/** @returns an object that nests as many levels */
function nested(levels: number): unknown {
  return levels === 0 ? {} : { a: nested(levels - 1) };
}
