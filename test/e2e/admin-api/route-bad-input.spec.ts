import { Client } from 'pg';
import type { Answer } from '../../support/test-gateway.js';
import { RouteClient, type Row } from './route-client.js';

const NOBODY = '01890000-0000-7000-8000-000000000000';
const matcher = (fields: object): object => ({ matchers: [{ field: 'type', op: 'eq', value: 'ping', ...fields }] });

/** What a field takes neither in a new route nor in a changed one, and where the fault is said to be. */
const WRONG_FIELDS: [string, object, string][] = [
  ['a name that is no text', { name: 7 }, 'name'],
  ['null for a name', { name: null }, 'name'],
  ['a blank name', { name: ' \u200b ' }, 'name'],
  ['a long name', { name: 'x'.repeat(101) }, 'name'],
  ['NUL in a name', { name: 'a\0b' }, 'name'],
  ['half a character in a name', { name: 'a\ud800' }, 'name'],
  ['null for a position', { position: null }, 'position'],
  ['a position before the first', { position: 0 }, 'position'],
  ['a position between two', { position: 1.5 }, 'position'],
  ['a position as text', { position: '1' }, 'position'],
  ['a position beyond all', { position: 10_001 }, 'position'],
  ['null for matchers', { matchers: null }, 'matchers'],
  ['one matcher in place of a list', { matchers: { field: 'type', op: 'exists' } }, 'matchers'],
  ['null for a matcher', { matchers: [null] }, 'matchers'],
  ['a list for a matcher', { matchers: [[]] }, 'matchers'],
  ['too many matchers', { matchers: Array.from({ length: 51 }, () => ({ field: 'type', op: 'exists' })) }, 'matchers'],
  ['an unknown part of a matcher', matcher({ not: true }), 'matchers.0.not'],
  ['a field that is no text', matcher({ field: 7 }), 'matchers.0.field'],
  ['a long field', matcher({ field: `ticket.custom.${'x'.repeat(200)}` }), 'matchers.0.field'],
  ['a field that no event has', matcher({ field: 'ticket.colour' }), 'matchers.0'],
  ['a field of the machine', matcher({ field: 'constructor' }), 'matchers.0'],
  ['an unknown operator', matcher({ op: 'like' }), 'matchers.0.op'],
  ['no value', { matchers: [{ field: 'type', op: 'eq' }] }, 'matchers.0'],
  ['an object for a value', matcher({ value: { a: 1 } }), 'matchers.0'],
  ['a list for one value', matcher({ value: ['ping'] }), 'matchers.0'],
  ['one value for a list', matcher({ op: 'in' }), 'matchers.0'],
  ['a list of lists', matcher({ op: 'in', value: [['ping']] }), 'matchers.0'],
  ['too long a list', matcher({ op: 'in', value: Array.from({ length: 501 }, (_, index) => index) }), 'matchers.0'],
  ['a long value', matcher({ value: 'x'.repeat(1_001) }), 'matchers.0'],
  ['NUL in a value', matcher({ value: 'a\0' }), 'matchers.0.value'],
  ['a name of every object in a value', matcher({ value: { toString: 'x' } }), 'matchers.0.value.toString'],
  ['text for a flag', matcher({ op: 'exists', value: 'yes' }), 'matchers.0'],
  ['a pattern that RE2 does not compile', matcher({ op: 'matches', value: '(' }), 'matchers.0'],
  ['a pattern with what RE2 has not', matcher({ op: 'matches', value: '(a)\\1' }), 'matchers.0'],
  ['a pattern bomb', matcher({ op: 'matches', value: '.{0,1000}'.repeat(100) }), 'matchers.0'],
  ['a nested pattern bomb', matcher({ op: 'not_matches', value: '(?:(?:(?:x{10}){10}){10})' }), 'matchers.0'],
  ['a long pattern', matcher({ op: 'matches', value: 'x'.repeat(1_001) }), 'matchers.0'],
  ['a destination that is no id', { destination_id: 'x' }, 'destination_id'],
  ['null for a destination', { destination_id: null }, 'destination_id'],
  ['null for settings', { settings: null }, 'settings'],
  ['a list of settings', { settings: [] }, 'settings'],
  ['an unknown setting', { settings: { colour: 'red' } }, 'settings.colour'],
  ['a channel that is no text', { settings: { channel: 7 } }, 'settings.channel'],
  ['a blank channel', { settings: { channel: ' ' } }, 'settings.channel'],
  ['a long channel', { settings: { channel: 'x'.repeat(61) } }, 'settings.channel'],
  ['a blank topic', { settings: { topic: ' ' } }, 'settings.topic'],
  ['a topic that is no text', { settings: { topic: ['x'] } }, 'settings.topic'],
  ['a long topic', { settings: { topic: 'x'.repeat(10_001) } }, 'settings.topic'],
  ['half a character in a template', { settings: { message: 'a\ud800' } }, 'settings.message'],
  ['a long message', { settings: { message: 'x'.repeat(10_001) } }, 'settings.message'],
  ['a template that does not parse', { settings: { message: 'Hello {{ ticket.title' } }, 'settings.message'],
  [
    'a template that never ends',
    { settings: { topic: '{% for i in (1..999999999) %}{% endfor %}' } },
    'settings.topic',
  ],
  ['text for stop', { settings: { stop: 'yes' } }, 'settings.stop'],
  ['a number for resolve_on_close', { settings: { resolve_on_close: 1 } }, 'settings.resolve_on_close'],
  ['a time that is none', { disabled_at: 'yesterday' }, 'disabled_at'],
  ['a time in the future', { disabled_at: '2999-01-01T00:00:00Z' }, 'disabled_at'],
  ['text for disabled', { disabled: 'yes' }, 'disabled'],
  ['both ways of disabling', { disabled: true, disabled_at: null }, 'disabled'],
  ['an unknown field', { colour: 'red' }, 'colour'],
  ['what only the gateway sets', { stays_last: true }, 'stays_last'],
  ['a name of every object', { toString: 'x' }, 'toString'],
];

describe('what routes refuse', () => {
  let routes: RouteClient;
  let route: Row;
  let webhookId: string;
  let before: unknown;

  beforeAll(async () => {
    routes = await RouteClient.start();
    route = await routes.make({ name: 'Urgent', matchers: [{ field: 'ticket.title', op: 'eq', value: 'Urgent' }] });
    const webhook = { name: 'Endpoint', kind: 'webhook', settings: { url: 'http://127.0.0.1:2999/hook' } };
    webhookId = String((await routes.gateway.api('POST', '/destinations', webhook)).body['id']);
    before = await state();
  });
  afterAll(() => routes.stop());

  /** All that a refusal must leave as it is, and what an event is judged by. */
  const state = async (): Promise<unknown> => [
    await routes.all(),
    await routes.revisions(),
    (await routes.gateway.api('GET', '/changes?kind=route')).body.data,
    await routes.judges({ title: 'Urgent' }),
  ];

  const expectRefused = async (answer: Answer, status: number, code: string, field?: string): Promise<void> => {
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    if (field !== undefined) {
      const errors = answer.body['errors'] as { field: string; message: string }[];
      expect(errors.map((error) => error.field)).toContain(field);
      for (const { message } of errors) expect(message.startsWith(field.split('.')[0] as string)).toBe(true);
    }
    expect(await state()).toEqual(before);
  };

  it.each(WRONG_FIELDS)('%s in a new route', async (_what, fields, field) => {
    await expectRefused(await routes.create({ name: 'New', ...fields }), 400, 'validation_failed', field);
  });

  it.each(WRONG_FIELDS)('%s in a changed route', async (_what, fields, field) => {
    await expectRefused(await routes.patch(route, fields), 400, 'validation_failed', field);
  });

  it.each([
    ['name', { matchers: [], destination_id: NOBODY }],
    ['matchers', { name: 'New', destination_id: NOBODY }],
    ['destination_id', { name: 'New', matchers: [] }],
  ])('a new route without %s', async (field, body) => {
    await expectRefused(await routes.gateway.api('POST', '/routes', body), 400, 'validation_failed', field);
  });

  it.each([
    ['a list', []],
    ['null', null],
    ['a text', 'x'],
  ])('%s for a route', async (_what, body) => {
    expect((await routes.gateway.api('POST', '/routes', body)).status).toBe(400);
    expect((await routes.send('PATCH', `/routes/${String(route['id'])}`, body)).status).toBe(400);
    expect(await state()).toEqual(before);
  });

  it('a destination that there is not', async () => {
    await expectRefused(await routes.create({ name: 'New', destination_id: NOBODY }), 400, 'unknown_destination');
    await expectRefused(await routes.patch(route, { destination_id: NOBODY }), 400, 'unknown_destination');
  });

  it('the name of another route, whatever its case', async () => {
    await expectRefused(await routes.create({ name: ' URGENT ' }), 409, 'name_taken');
    await expectRefused(await routes.patch(route, { name: 'everything' }), 409, 'name_taken');
  });

  it('ids that are none', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? {} : undefined;
      await expectRefused(await routes.send(method, '/routes/x', body), 400, 'invalid_id');
      await expectRefused(await routes.send(method, `/routes/${NOBODY}`, body), 404, 'not_found');
    }
  });

  it('settings that mean nothing to a webhook, whose messages have a fixed form', async () => {
    const settings = { channel: 'x', topic: 'x', message: '{{ nonsense | nope }}', resolve_on_close: true };
    const answer = await routes.create({ name: 'New', destination_id: webhookId, settings });
    await expectRefused(answer, 400, 'validation_failed', 'settings.channel');
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.map(({ field }) => field)).toEqual(Object.keys(settings).map((name) => `settings.${name}`));
  });

  it('a webhook for a route with settings that mean nothing to it, unless they go', async () => {
    const own = await RouteClient.start();
    const url = { url: 'http://127.0.0.1:2999/hook' };
    const { body } = await own.gateway.api('POST', '/destinations', { name: 'E', kind: 'webhook', settings: url });
    const titled = await own.make({ name: 'Titled', settings: { topic: '{{ ticket.title }}', stop: true } });
    const refused = await own.patch(titled, { destination_id: body['id'] });
    expect(refused.body).toMatchObject({ status: 400, errors: [{ field: 'settings.topic' }] });
    const moved = await own.patch(titled, { destination_id: body['id'], settings: { topic: null } });
    expect(moved.body).toMatchObject({ destination_id: body['id'], settings: { stop: true } });
    expect((await own.patch(titled, { settings: { message: 'x' } })).status).toBe(400);
    await own.stop();
  });
});

describe('a route to a disabled destination', () => {
  let routes: RouteClient;

  beforeAll(async () => {
    routes = await RouteClient.start();
  });
  afterAll(() => routes.stop());

  it('is refused, unless it is disabled itself', async () => {
    const { body: off } = await routes.gateway.api('POST', '/destinations', {
      name: 'Off',
      kind: 'zulip',
      settings: { site: 'http://127.0.0.1:2999', email: 'bot@example.com', channel: 'x' },
      secrets: { api_key: 'k' },
      disabled: true,
    });
    const refused = await routes.create({ name: 'New', destination_id: off['id'] });
    expect(refused.body).toMatchObject({ status: 409, code: 'destination_disabled' });
    expect(refused.body['detail']).toBe('destination_id: "Off" is disabled; nothing would be sent.');
    const route = await routes.make({ name: 'New', destination_id: off['id'], disabled: true });
    expect((await routes.patch(route, { disabled: false })).body['code']).toBe('destination_disabled');
    expect((await routes.patch(route, { name: 'Renamed' })).status).toBe(200);
    const other = await routes.make({ name: 'Other' });
    expect((await routes.patch(other, { destination_id: off['id'] })).body['code']).toBe('destination_disabled');
    expect((await routes.patch(other, { destination_id: off['id'], disabled: true })).status).toBe(200);
    // One that led there before it was disabled can still be changed.
    const [everything] = (await routes.all()).slice(-1) as [Row];
    const client = new Client({ connectionString: routes.gateway.databaseUrl });
    await client.connect();
    await client.query('update destinations set disabled_at = now() where id = $1', [routes.destinationId]);
    await client.end();
    expect((await routes.patch(everything, { name: 'All' })).status).toBe(200);
  });
});
