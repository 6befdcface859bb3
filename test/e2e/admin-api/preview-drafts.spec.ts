import { readFileSync } from 'node:fs';
import type { Answer } from '../../support/test-gateway.js';
import { RouteClient, type Row } from './route-client.js';

const JIRA_MOVED = 'src/providers/generic/fixtures/jira.issue_updated__moved.json';
const NOBODY = '01890000-0000-7000-8000-000000000000';
const WEBHOOK = {
  provider: 'groove',
  headers: { 'x-groove-event': 'ticket_started' },
  body: { number: 9, title: 'Fire', tags: ['vip'] },
};

describe('POST /routes/preview with a route that is not saved', () => {
  let routes: RouteClient;
  let urgent: Row;

  beforeAll(async () => {
    routes = await RouteClient.start();
    urgent = await routes.make({ name: 'Urgent', settings: { channel: 'urgent', stop: true } });
    await routes.make({ name: 'Second', settings: { channel: 'second' } });
  });
  afterAll(() => routes.stop());

  const ask = (route: unknown, more: object = {}): Promise<Answer> =>
    routes.gateway.api('POST', '/routes/preview', { ...WEBHOOK, ...more, route });

  /** The routes of the first event; nothing may have been saved. */
  const judge = async (route: object, more: object = {}): Promise<Row[]> => {
    const traces = async (): Promise<unknown> => [
      await routes.all(),
      await routes.revisions(),
      (await routes.gateway.api('GET', '/changes')).body.data,
    ];
    const before = await traces();
    const answer = await ask(route, more);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    expect(await traces()).toEqual(before);
    return (answer.body['events'] as { routes: Row[] }[])[0]?.routes ?? [];
  };

  const shown = (views: Row[]): unknown[] =>
    views.map(({ name, position, draft, matched, channel }) => [position, name, draft ?? false, matched, channel]);

  it('shows what a new one would do, in its place', async () => {
    const matchers = [{ field: 'ticket.tags', op: 'eq', value: 'vip' }];
    const draft = { name: 'VIP', position: 1, matchers, destination_id: routes.destinationId };
    const views = await judge({ ...draft, settings: { message: 'VIP: {{ ticket.title }}', channel: 'vip' } });
    expect(shown(views)).toEqual([
      [1, 'VIP', true, true, 'vip'],
      [2, 'Urgent', false, true, 'urgent'],
      [3, 'Second', false, true, null],
      [4, 'Everything', false, true, null],
    ]);
    expect(views[0]).toEqual({
      id: null,
      name: 'VIP',
      position: 1,
      draft: true,
      matched: true,
      matchers: [{ field: 'ticket.tags', op: 'eq', value: 'vip', matched: true, saw: ['vip'] }],
      destination_id: routes.destinationId,
      channel: 'vip',
      topic: '#9 Fire',
      content: 'VIP: Fire',
    });
  });

  it('shows what one that is there would do with some of it changed', async () => {
    const views = await judge({ id: urgent['id'], position: 2, settings: { stop: null, channel: 'very-urgent' } });
    expect(shown(views)).toEqual([
      [1, 'Second', false, true, 'second'],
      [2, 'Urgent', true, true, 'very-urgent'],
      [3, 'Everything', false, true, 'support'],
    ]);
    expect(views[1]?.['id']).toBe(urgent['id']);
  });

  it('shows the others without one that would be disabled', async () => {
    const views = await judge({ id: urgent['id'], disabled: true });
    expect(shown(views)).toEqual([
      [2, 'Second', false, true, 'second'],
      [3, 'Everything', false, true, 'support'],
    ]);
  });

  it('judges an event of the log by it', async () => {
    const id = await routes.event({ number: 30, title: 'Logged' });
    const answer = await routes.gateway.api('POST', '/routes/preview', {
      event_id: id,
      route: { id: urgent['id'], matchers: [{ field: 'ticket.title', op: 'eq', value: 'Other' }] },
    });
    const [event] = answer.body['events'] as { routes: Row[] }[];
    expect(event?.routes[0]).toMatchObject({ draft: true, matched: false, matchers: [{ saw: 'Logged' }] });
    expect(event?.routes[1]).toMatchObject({ name: 'Second', matched: true, channel: 'second' });
  });

  it.each<[string, Row, number, string, string]>([
    ['without what a new one needs', { name: 'x' }, 400, 'validation_failed', 'route.matchers'],
    ['with a field that is none', { $id: true, colour: 'red' }, 400, 'validation_failed', 'route.colour'],
    ['with an id that is none', { id: 'x' }, 400, 'validation_failed', 'route.id'],
    ['with null for an id', { id: null }, 400, 'validation_failed', 'route.id'],
    ['with a wrong setting', { $id: true, settings: { stop: 7 } }, 400, 'validation_failed', 'route.settings.stop'],
    [
      'with a matcher that cannot be used',
      { $id: true, matchers: [{ field: 'type', op: 'matches', value: '(' }] },
      400,
      'validation_failed',
      'route.matchers.0',
    ],
    [
      'with a template that cannot be rendered',
      { $id: true, settings: { topic: '{{ a | b }}' } },
      400,
      'validation_failed',
      'route.settings.topic',
    ],
    ['with the name of another', { $id: true, name: 'second' }, 409, 'name_taken', ''],
    ['to nowhere', { $id: true, destination_id: NOBODY }, 400, 'unknown_destination', ''],
    ['that is not there', { id: NOBODY }, 404, 'not_found', ''],
  ])('refuses one %s, as saving it would', async (_what, { $id, ...fields }, status, code, field) => {
    const answer = await ask({ ...($id === true && { id: urgent['id'] }), ...fields });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    const errors = (answer.body['errors'] ?? []) as { field: string; message: string }[];
    expect(errors.map((error) => error.field)).toEqual(field === '' ? [] : expect.arrayContaining([field]));
    for (const { message } of errors) expect(message.startsWith('route.')).toBe(true);
    if (field === '') expect(answer.body['detail']).toMatch(/^route: /);
  });

  it.each([null, [], 'x', 7])('refuses %j for one', async (route) => {
    const answer = await ask(route);
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
  });
});

describe('POST /routes/preview with a body that is JSON', () => {
  let routes: RouteClient;

  beforeAll(async () => {
    routes = await RouteClient.start();
  });
  afterAll(() => routes.stop());

  const ask = (body: unknown): Promise<Answer> => routes.gateway.api('POST', '/routes/preview', { ...WEBHOOK, body });

  it('takes whatever names helpdesks give', async () => {
    const title = 'Fire';
    for (const more of [
      { toString: 'Done', fromString: 'Open', hasOwnProperty: 1, valueOf: [{ toString: null }] },
      { constructor: { name: 'x' } },
      { deep: { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: { k: { l: {} } } } } } } } } } } } } },
      { big: 12345678901234, text: 'a\0b \ud800' },
    ]) {
      const { status, body } = await ask({ number: 9, title, ...more });
      expect([status, body['events']]).toMatchObject([200, [{ event: { ticket: { key: '9', title } } }]]);
    }
  });

  it('shows what Jira says of changes, in its own words', async () => {
    const fixture = JSON.parse(readFileSync(JIRA_MOVED, 'utf8')) as { body: object; headers: Record<string, string> };
    expect(JSON.stringify(fixture.body)).toContain('"toString":"Rita Reporter"');
    const { status, body } = await routes.gateway.api('POST', '/routes/preview', {
      provider: 'generic',
      headers: fixture.headers,
      body: fixture.body,
    });
    expect(status).toBe(200);
    const [event] = body['events'] as { event: { changes: unknown } }[];
    expect(event?.event.changes).toEqual([{ field: 'owner', from: 'Bob', to: 'Rita Reporter' }]);
  });

  it.each<[string, string, string]>([
    [
      'what nests too deeply',
      `{"provider": "groove", "body": ${'['.repeat(200)}${']'.repeat(200)}}`,
      'unreadable_body',
    ],
    [
      'what nests beyond the stack',
      `{"provider": "groove", "body": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'unreadable_body',
    ],
    ['__proto__, which no parser of ours takes', '{"provider": "groove", "body": {"__proto__": 1}}', 'invalid_json'],
    ['a name of every object beside the body', '{"provider": "groove", "toString": 1}', 'validation_failed'],
  ])('refuses %s', async (_what, text, code) => {
    const response = await fetch(`${routes.gateway.url}/api/v1/routes/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${routes.gateway.adminKey}`, 'content-type': 'application/json' },
      body: text.replace(
        '{"provider": "groove"',
        '{"provider": "groove", "headers": {"x-groove-event": "ticket_started"}',
      ),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, code]);
  });
});
