import { type Answer, TestGateway } from '../../support/test-gateway.js';

describe('routes', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const firstDestination = async (): Promise<string> => {
    const { body } = await gateway.api('GET', '/destinations');
    return String(body.data.at(-1)?.['id']);
  };

  const create = async (fields: object): Promise<Answer> =>
    gateway.api('POST', '/routes', { matchers: [], destination_id: await firstDestination(), ...fields });

  it('keeps the catch-all last, however far down a route is put', async () => {
    const far = await create({
      name: 'Far down',
      position: 9_999,
      matchers: [{ field: 'type', op: 'eq', value: 'ping' }],
    });
    const { body } = await gateway.api('GET', '/routes');
    const last = body.data.sort((a, b) => Number(b['position']) - Number(a['position']))[0];
    expect([far.body['position'], last?.['name'], last?.['position']]).toEqual([1, 'Everything', 2]);
  });

  it('puts a route before the catch-all unless told where', async () => {
    const first = await create({
      name: 'Urgent',
      matchers: [{ field: 'ticket.priority.normal', op: 'eq', value: 'urgent' }],
    });
    expect([first.status, first.body['position']]).toEqual([201, 2]);
    const second = await create({
      name: 'Notes',
      matchers: [{ field: 'type', op: 'eq', value: 'message.note_added' }],
    });
    expect(second.body['position']).toBe(3);
    const third = await create({
      name: 'First of all',
      position: 1,
      matchers: [{ field: 'ticket.tags', op: 'eq', value: 'vip' }],
    });
    expect(third.body['position']).toBe(1);
    const { body } = await gateway.api('GET', '/routes');
    const byPosition = body.data.sort((a, b) => Number(a['position']) - Number(b['position']));
    expect(byPosition.map((route) => [route['position'], route['name']])).toEqual([
      [1, 'First of all'],
      [2, 'Far down'],
      [3, 'Urgent'],
      [4, 'Notes'],
      [5, 'Everything'],
    ]);
  });

  it.each<[string, object, string]>([
    ['an unknown field', { matchers: [{ field: 'ticket.colour', op: 'eq', value: 'red' }] }, 'matchers.0'],
    ['a list for a matcher', { matchers: [[]] }, 'matchers'],
    ['null for a matcher', { matchers: [null] }, 'matchers'],
    ['null for a position', { position: null }, 'position'],
    ['a position before the first', { position: 0 }, 'position'],
    ['NUL in a value', { matchers: [{ field: 'type', op: 'eq', value: 'a\0' }] }, 'matchers.0.value'],
    ['half a character in a template', { settings: { message: 'a\ud800' } }, 'settings.message'],
    ['a blank template', { settings: { topic: ' ' } }, 'settings.topic'],
    ['an unknown operator', { matchers: [{ field: 'type', op: 'like', value: 'x' }] }, 'matchers.0.op'],
    ['a value that does not fit', { matchers: [{ field: 'type', op: 'in', value: 'x' }] }, 'matchers.0'],
    ['a pattern that RE2 does not compile', { matchers: [{ field: 'type', op: 'matches', value: '(' }] }, 'matchers.0'],
    ['a template that does not parse', { settings: { message: 'Hello {{ ticket.title' } }, 'settings.message'],
    ['a template with an unknown filter', { settings: { topic: '{{ ticket.title | shout }}' } }, 'settings.topic'],
  ])('refuses %s and says where', async (_story, fields, field) => {
    const answer = await create({ name: 'x', ...fields });
    expect(answer.status).toBe(400);
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error.field).toMatch(new RegExp(`^${field}`));
  });

  it('refuses a destination that is not there', async () => {
    const answer = await create({ name: 'x', destination_id: '01890000-0000-7000-8000-000000000000' });
    expect([answer.status, answer.body['code']]).toEqual([400, 'unknown_destination']);
  });

  it('judges the next event by a new route, in its own words, and stops where told', async () => {
    await create({
      name: 'Tagged',
      position: 1,
      matchers: [{ field: 'ticket.tags', op: 'eq', value: 'billing' }],
      settings: { channel: 'billing', topic: 'Bills', message: 'Look: {{ ticket.title }}', stop: true },
    });
    await gateway.groove('ticket_tagged', { number: 41, title: 'An invoice', tags: ['billing'] });
    const deliveries = await gateway.settledDeliveries('&ticket=41');
    expect(deliveries).toEqual([
      expect.objectContaining({
        state: 'delivered',
        channel: 'billing',
        topic: 'Bills',
        content: 'Look: An invoice',
      }),
    ]);
  });

  it('sends an event once to one place, and logs the second route as skipped', async () => {
    await create({ name: 'Same place', position: 1, matchers: [{ field: 'ticket.number', op: 'eq', value: '42' }] });
    await gateway.groove('ticket_started', { number: 42, title: 'Once' });
    const deliveries = await gateway.settledDeliveries('&ticket=42');
    expect(deliveries.map((delivery) => [delivery['state'], delivery['reason']])).toEqual([
      ['delivered', null],
      ['skipped', 'same_place'],
    ]);
  });
});
