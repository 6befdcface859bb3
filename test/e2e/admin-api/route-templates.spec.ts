import { RouteClient } from './route-client.js';

describe('templates of routes', () => {
  let routes: RouteClient;
  let made = 0;

  beforeAll(async () => {
    routes = await RouteClient.start();
  });
  afterAll(() => routes.stop());

  it.each<[string, object, string]>([
    [
      'a filter that there is not',
      { message: 'Look:\n  {{ ticket.title | shout }}' },
      'settings.message: There is no filter "shout" (line 2, column 3)',
    ],
    [
      'a tag that there is not',
      { topic: '{% include "x" %}' },
      'settings.topic: There is no tag "include" (line 1, column 1)',
    ],
    [
      'a tag that is not closed',
      { message: 'a\n\n {% if type %}' },
      'settings.message: The tag {% if type %} is not closed (line 3, column 2)',
    ],
    [
      'a filter without what it needs',
      { message: 'a\n{{ ticket.title | append }}' },
      'settings.message: append expect 2 arguments (line 2, column 1)',
    ],
    [
      'what fails with one type of event',
      { topic: 'x{% if type == "ping" %}\n{% for i in (1..99999999) %}{% endfor %}{% endif %}' },
      'settings.topic: The template uses too much memory (line 2, column 1)',
    ],
    [
      'loops in loops',
      { message: `${'{% for i in (1..900) %}'.repeat(4)}x${'{% endfor %}'.repeat(4)}` },
      'settings.message: The template does too much (line 1, column 70)',
    ],
    [
      'a text that doubles',
      {
        message: '{% assign s = "x" %}{% for i in (1..99) %}{% assign s = s | append: s %}{% endfor %}',
      },
      'settings.message: The template uses too much memory (line 1, column 43)',
    ],
    [
      'what nests beyond the stack',
      { message: `{{ ${'a['.repeat(4_900)} }}` },
      'settings.message: The template is nested too deeply (line 1, column 1)',
    ],
  ])('are refused for %s, with line and column', async (_what, settings, message) => {
    const answer = await routes.create({ name: 'New', settings });
    const field = message.slice(0, message.indexOf(':'));
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
    expect(answer.body['errors']).toEqual([{ field, message }]);
  });

  it('are all judged at once, with the matchers', async () => {
    const answer = await routes.create({
      name: 'New',
      matchers: [{ field: 'type', op: 'in', value: 'x' }],
      settings: { topic: '{{ a | b }}', message: '{% c %}' },
    });
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.map(({ field }) => field)).toEqual(['matchers.0', 'settings.topic', 'settings.message']);
  });

  it.each<[string, object, string, string]>([
    [
      'our own filters, with arguments',
      { message: '{{ ticket | ticket_link: "Ticket" }} {{ ticket.requester | person }}\n{{ message.text | quote }}' },
      '#9 Fire',
      'Ticket',
    ],
    [
      'loops, conditions and variables',
      {
        topic: '{% if ticket.tags contains "vip" %}VIP {% endif %}{{ ticket.number }}',
        message: '{% assign n = ticket.tags | size %}{% for tag in ticket.tags %}{{ tag }}/{% endfor %} {{ n }}',
      },
      'VIP 9',
      'vip/new/ 2',
    ],
  ])('may use %s', async (_what, settings, topic, content) => {
    const name = `Template ${(made += 1)}`;
    const ticket = { number: 9, title: 'Fire', tags: ['vip', 'new'] };
    const matchers = [{ field: 'ticket.title', op: 'eq', value: 'Fire' }];
    const route = await routes.make({ name, position: 1, matchers, settings: { ...settings, stop: true } });
    const body = { provider: 'groove', headers: { 'x-groove-event': 'ticket_started' }, body: ticket };
    const preview = await routes.gateway.api('POST', '/routes/preview', body);
    const [event] = preview.body['events'] as { routes: { topic: string; content: string }[] }[];
    expect(event?.routes[0]).toMatchObject({ topic, content: expect.stringContaining(content) });
    await routes.remove(route);
  });

  it('that were stored earlier stay when something else is changed', async () => {
    const route = await routes.make({ name: 'Old' });
    await routes.sql('update routes set settings = $2 where id = $1', [route['id'], { message: '{{ x | gone }}' }]);
    const renamed = await routes.patch(route, { name: 'Old, renamed', settings: { stop: true } });
    expect(renamed.body).toMatchObject({ version: 2, settings: { message: '{{ x | gone }}', stop: true } });
    expect((await routes.patch(route, { settings: { message: '{{ x | gone }}' } })).status).toBe(400);
    expect((await routes.patch(route, { settings: { message: null } })).body['settings']).toEqual({ stop: true });
  });
});
