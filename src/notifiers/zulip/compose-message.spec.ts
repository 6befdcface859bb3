import fc from 'fast-check';
import { TemplateError } from '../../templating/template-error.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import { type EventTraits, buildEvent } from '../testing/event-builder.js';
import { hostileText } from '../testing/hostile-text.js';
import { composeMessage } from './compose-message.js';
import { inlineValue } from './inline-value.js';
import { cleanQuotation } from './quote-text.js';

const destination = { id: 'd', name: 'Zulip', settings: { topic: 'elsewhere' }, secrets: {} };

/** @returns the content that a route's template makes, or the default message */
function compose(event: TicketEventDocument, message?: string): string {
  const composition = composeMessage({ event, route: { ...(message !== undefined && { message }) }, destination }, 'c');
  return composition.kind === 'message' ? composition.message.content : composition.reason;
}

const created = (traits: EventTraits = {}): TicketEventDocument => buildEvent('ticket.created', traits);
const withText = (text: string): TicketEventDocument =>
  created({ ticket: { number: '9', title: 'T*' }, message: { text, is_internal: false } });

/** Outside text on one line in which nothing is alive. */
const SAFE = String.raw`(?:[^&<>[\]()*_\x60~#:|$\\\n]|&#\d+;)`;

const decode = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));

describe('composeMessage', () => {
  it('puts content, topic and channel together', () => {
    expect(composeMessage({ event: withText('Hi'), route: { topic: 'a {{ type }}' }, destination }, 'c')).toEqual({
      kind: 'message',
      message: {
        channel: 'c',
        topic: 'a ticket.created',
        content: 'New ticket has been opened\nTicket #9 T&#42;\n> Hi',
      },
    });
  });

  it.each(['', ' \n\t ', '{{ ticket.nothing }}', '\u200b'])('has nothing to say of %j', (message) => {
    expect(composeMessage({ event: created(), route: { message }, destination }, 'c')).toEqual({
      kind: 'nothing',
      reason: 'nothing_to_say',
    });
  });

  it('throws where a template cannot be rendered', () => {
    expect(() => compose(created(), '{% include "x" %}')).toThrow(TemplateError);
    expect(() => compose(created(), '{% for i in (1..1000000000) %}{% endfor %}')).toThrow(TemplateError);
  });

  describe('templates of a route', () => {
    it.each<[string, string]>([
      ['**{{ ticket.title }}** ({{ source.name }}, {{ type }})', '**T&#42;** (Groove, ticket.created)'],
      ['{{ ticket.title | append: "_" | upcase }}', 'T&#42;&#95;'],
      ['{% assign t = ticket.title %}{{ t }}', 'T&#42;'],
      ['{% capture t %}*{{ ticket.title }}*{% endcapture %}{{ t }}', '&#42;T&#42;&#42;'],
      ['{% capture t %}{{ ticket.nothing }}{% endcapture %}{% if t == blank %}none{% endif %}', 'none'],
      ['{{ "*" }}{{ "\\ufdd1" }}', '&#42;'],
      ['\ufdd0{{ ticket.title }}\ufdd3*\ufdd2', 'T&#42;*'],
      ['a\r\nb\u0000\u001b\n\n', 'a\nb'],
      ['\n\n a', ' a'],
      ['{{ ticket.tags }}', 'a&#42;, b'],
      ['{{ ticket }}|', '|'],
      ['@**{{ ticket.group }}**', '@**&#97;ll**'],
      ['> {{ ticket.title }}', '> T&#42;'],
      ['a\n{{ ticket.nothing }}{{ ticket.nothing }}\nb {{ ticket.nothing }}\nc', 'a\nb \nc'],
    ])('%j', (template, expected) => {
      const event = created({ ticket: { title: 'T*', group: 'all', tags: ['a*', 'b'] } });
      expect(compose(event, template)).toBe(expected);
    });

    it.each<[string, string]>([
      ['{{ message.text | quote }}', '> a\n> *b*'],
      ['{{ message.text | quote }}{{ message.text | quote }}', '> a\n> *b*\n\n> a\n> *b*'],
      ['x {{ message.text | quote }} y', 'x\n> a\n> *b*\n\ny'],
      ['x\n\n{{ message.text | quote }}\n\n\n  y', 'x\n\n> a\n> *b*\n\n  y'],
      ['x\n  {{ message.text | quote }}\ny', 'x\n> a\n> *b*\n\ny'],
      ['{{ message.text | quote }}\n{{ ticket.group }}', '> a\n> *b*\n\n&#47;me'],
      ['{{ message.text | quote }}\n{{ ticket | ticket_link }}', '> a\n> *b*\n\nTicket T&#42;'],
      ['{{ message.text | quote | upcase }}', 'A &#42;B&#42;'],
      ['{{ message.text | upcase | quote }}', '> A\n> *B*'],
      ['{% assign q = message.text | quote %}{{ q }}', 'a &#42;b&#42;'],
      ['{% capture q %}{{ message.text | quote }}{% endcapture %}{{ q }}', 'a &#42;b&#42;'],
      ['{% capture q %}{{ message.text | quote }}{% endcapture %}{{ q | quote }}', '> a\n> *b*'],
      ['```\n{{ message.text | quote }}\n```', '```\n> a\n> *b*\n\n```'],
      ['a\n{{ nothing | quote }}\nb', 'a\nb'],
      ['{{ nothing | quote }}a', 'a'],
    ])('quote wherever the author wishes: %j', (template, expected) => {
      const event = created({ ticket: { title: 'T*', group: '/me' }, message: { text: 'a\n*b*', is_internal: false } });
      expect(compose(event, template)).toBe(expected);
    });
  });

  describe('what is too long', () => {
    const points = (text: string): number => [...text].length;

    it('fits exactly, or a quotation is cut exactly', () => {
      const room = 10_000 - 'New ticket has been opened\nTicket #9 T&#42;\n> '.length;
      const start = 'New ticket has been opened\nTicket #9 T&#42;\n> ';
      expect(compose(withText('x'.repeat(room)))).toBe(`${start}${'x'.repeat(room)}`);
      expect(compose(withText('x'.repeat(room + 1)))).toBe(`${start}${'x'.repeat(room - 1)}…`);
      expect(compose(withText('😀'.repeat(room + 1)))).toBe(`${start}${'😀'.repeat(room - 1)}…`);
    });

    it('keeps all but the quotations, and cuts these alike', () => {
      const template = 'a\n{{ message.text | quote }}\nb {{ ticket.title }}\n{{ message.text | quote }}\nc';
      const content = compose(withText('line\n'.repeat(9_000)), template);
      expect(content).toMatch(/^a\n(> line\n)+> \w*…\n\nb T&#42;\n(> line\n)+> \w*…\n\nc$/);
      expect(points(content)).toBeGreaterThan(9_980);
      expect(points(content)).toBeLessThanOrEqual(10_000);
    });

    it('survives a quotation of which no line has room', () => {
      const content = compose(withText('\nx'.repeat(30_000)));
      expect(content).toMatch(/^New ticket has been opened\nTicket #9 T&#42;\n(> x\n)+> (x)?…$/);
    });

    it('cuts the rest at a line end if it must', () => {
      const template = '{% for i in (1..3000) %}{{ ticket.title }}\n{% endfor %}{{ message.text | quote }}';
      const content = compose(withText('gone'), template);
      expect(content).toMatch(/^(T&#42;\n)+…$/);
      expect(points(content)).toBeGreaterThan(9_980);
      expect(points(content)).toBeLessThanOrEqual(10_000);
    });

    it.each([0, 1, 2, 3, 4, 5, 6])('never cuts through an entity or a character (%d)', (shift) => {
      const template = `${'x'.repeat(shift)}{% for i in (1..3000) %}{{ ticket.title }}😀{% endfor %}`;
      const content = compose(withText('gone'), template);
      expect(content).toMatch(/^x*(?:T&#42;😀)*(?:T(?:&#42;)?)?…$/u);
      expect(points(content)).toBeLessThanOrEqual(10_000);
    });
  });

  describe('whatever comes from outside', () => {
    const url = fc.oneof(
      hostileText(),
      hostileText().map((rest) => `https://example.com/${rest}`),
    );
    const traits = fc.record({
      name: hostileText(),
      number: hostileText(3),
      title: hostileText(),
      url,
      body: hostileText(40),
    });

    it('stays behind its marks in a default message', () => {
      const sentence = new RegExp(`^New ticket has been opened(?: for ${SAFE}+)?$`);
      const name = `Ticket(?: #${SAFE}+)?(?: ${SAFE}+)?`;
      const link = new RegExp(`^(?:${name}|\\[${name}\\]\\(https?://[^\\s()<>[\\]*\`$\\\\]+\\))$`);
      fc.assert(
        fc.property(traits, ({ name: person, number, title, url: address, body }) => {
          const ticket = { number, title, url: address, requester: { name: person } };
          const content = compose(created({ ticket, message: { text: body, is_internal: false } }));
          const lines = content.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
          const quotation = cleanQuotation(body).trimEnd();
          const quoted = quotation === '' ? 0 : quotation.split('\n').length;
          const own = lines.slice(0, lines.length - quoted);
          expect(own[0]).toMatch(sentence);
          expect(decode(own[0] ?? '')).toBe(
            `New ticket has been opened for ${inlineValue(person)}`.replace(/ for $/, ''),
          );
          expect(own.length).toBeLessThanOrEqual(2);
          if (own[1] !== undefined) expect(own[1]).toMatch(link);
          for (const line of lines.slice(own.length)) expect(line.startsWith('> ')).toBe(true);
        }),
        { numRuns: 500 },
      );
    });

    it('stays behind its marks in a route’s template, and the template’s own words stand', () => {
      const template =
        'A {{ ticket.title }} B {{ message.text | quote }} C {{ actor | person }}\n{{ message.text | quote | downcase }}D';
      const shape = new RegExp(`^A ${SAFE}* B(?:  C ${SAFE}*\\n|\\n(?:> .*\\n)+\\nC ${SAFE}*\\n)${SAFE}*D$`, 'u');
      fc.assert(
        fc.property(traits, ({ name, title, body }) => {
          const event = created({
            ticket: { title },
            actor: { kind: 'agent', name },
            message: { text: body, is_internal: false },
          });
          expect(compose(event, template)).toMatch(shape);
        }),
        { numRuns: 500 },
      );
    });

    it('never begins a message with a command, never makes it longer than Zulip takes, nor leaves what Zulip would change', () => {
      const start = fc.constantFrom(
        '{{ ticket.title }}',
        '{{ ticket.group }}{{ ticket.title }} x',
        '\n {{ ticket.title }}',
      );
      fc.assert(
        fc.property(start, traits, fc.integer({ min: 0, max: 500 }), (template, { name, title, body }, times) => {
          const event = created({
            ticket: { title, group: name },
            message: { text: body.repeat(times), is_internal: false },
          });
          const content = compose(event, `${template}{{ message.text | quote }}`);
          expect(content).not.toMatch(/^\s*\//);
          expect([...content].length).toBeLessThanOrEqual(10_000);
          expect(content).toBe(content.trimEnd().replace(/^\n+/, ''));
          expect(content).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u);
        }),
        { numRuns: 200 },
      );
    });
  });
});
