import fc from 'fast-check';
import { TemplateError } from '../../templating/template-error.js';
import { buildEvent } from '../testing/event-builder.js';
import { hostileText } from '../testing/hostile-text.js';
import { chooseTopic } from './choose-topic.js';

const event = buildEvent('ticket.created', { ticket: { number: '9', title: 'Test Subject' } });
const ticketless = buildEvent('ping');

describe('chooseTopic', () => {
  it('prefers the thread, the template, the ticket, the destination, the source', () => {
    const choices = { threadTopic: 'thread', template: 't {{ ticket.number }}', fallback: 'destination' };
    expect(chooseTopic({ event, ...choices })).toBe('thread');
    expect(chooseTopic({ event, ...choices, threadTopic: undefined })).toBe('t 9');
    expect(chooseTopic({ event, fallback: 'destination' })).toBe('#9 Test Subject');
    expect(chooseTopic({ event: ticketless, fallback: 'destination' })).toBe('destination');
    expect(chooseTopic({ event: ticketless })).toBe('Groove');
  });

  it.each([
    ['an empty template', '{{ ticket.nothing }}', '#9 Test Subject'],
    ['a template of which nothing shows', '\u200b{{ ticket.nothing }} \n', '#9 Test Subject'],
    ['a template of check marks', '✔ ✔ ', '#9 Test Subject'],
  ])('passes over %s', (_what, template, expected) => {
    expect(chooseTopic({ event, template })).toBe(expected);
  });

  it('has a last resort', () => {
    const nameless = buildEvent('ping', { source: { id: 's', provider: 'p', name: '\u200b' } });
    expect(chooseTopic({ event: nameless, fallback: ' ' })).toBe('Tickets');
  });

  it.each([
    [{ number: '9' }, '#9'],
    [{ title: 'Test Subject' }, 'Test Subject'],
    [{ number: 'HDSK-AAAA-0010', title: '[a] *b* & c: d' }, '#HDSK-AAAA-0010 [a] *b* & c: d'],
    [{ title: '✔ ✔ Done' }, 'Done'],
    [{ number: '9', title: '✔ Done' }, '#9 ✔ Done'],
    [{ number: '9', title: ' a\r\n\0b\t c ' }, '#9 a b c'],
    [{ number: '9', title: 'x'.repeat(55) }, `#9 ${'x'.repeat(55)}`],
    [{ number: '9', title: 'x'.repeat(56) }, `#9 ${'x'.repeat(54)}…`],
    [{ number: '9', title: '😀'.repeat(56) }, `#9 ${'😀'.repeat(54)}…`],
  ])('names the topic of %j', (ticket, expected) => {
    expect(chooseTopic({ event: buildEvent('ticket.created', { ticket }) })).toBe(expected);
  });

  it('encodes nothing in templates, whatever filter they use', () => {
    const whole = buildEvent('ticket.created', {
      ticket: { number: '9', title: 'a & b', url: 'https://example.com', requester: { name: 'O*' } },
      message: { text: 'first\nsecond', is_internal: false },
    });
    const template = '{{ ticket | ticket_link }}, {{ ticket.requester | person }}: {{ message.text | quote }}';
    expect(chooseTopic({ event: whole, template })).toBe('Ticket #9 a & b, O*: first second');
  });

  it('keeps a thread that is resolved, as Zulip stores it', () => {
    expect(chooseTopic({ event, threadTopic: `✔ ${'x'.repeat(58)}` })).toBe(`✔ ${'x'.repeat(58)}`);
  });

  it('throws where the template cannot be rendered', () => {
    expect(() => chooseTopic({ event, template: '{{ x | nope }}' })).toThrow(TemplateError);
  });

  it('is always a topic that Zulip takes', () => {
    const template = fc.constantFrom(undefined, '{{ ticket.title }}', 'x {{ ticket.title | upcase }}');
    fc.assert(
      fc.property(hostileText(20), hostileText(), template, hostileText(), (title, number, written, fallback) => {
        const hostile = buildEvent('ticket.created', { ticket: { number, title } });
        const topic = chooseTopic({ event: hostile, template: written, fallback });
        expect([...topic].length).toBeLessThanOrEqual(58);
        expect(topic).toMatch(/^\S(?:.*\S)?$/u);
        expect(topic).not.toMatch(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029]/u);
        expect(topic.startsWith('✔')).toBe(false);
      }),
    );
  });
});
