import fc from 'fast-check';
import { cleanDraft, cleanKey, cleanText, LONGEST_SHORT_FIELD, LONGEST_TEXT, LONGEST_TITLE } from './clean-draft.js';
import type { TicketEventDraft } from './ticket-event.js';

const draft = (title: string, text = ''): TicketEventDraft => ({
  type: 'ticket.created',
  nativeType: 'ticket_started',
  ticket: { key: '9', title, tags: [], custom: {} },
  message: { text, isInternal: false },
  changes: [],
  identity: { kind: 'content', value: 'hash' },
});

describe('cleanDraft', () => {
  it('leaves an ordinary draft as it is', () => {
    expect(cleanDraft(draft('Test Subject', 'Hello 👋'))).toEqual(draft('Test Subject', 'Hello 👋'));
  });

  it('removes what PostgreSQL refuses: NUL and lone surrogates', () => {
    expect(cleanDraft(draft('a\0b\ud800c', '\0'))).toEqual(draft('ab\ufffdc', ''));
  });

  it('cuts a title of a megabyte and a body of ten', () => {
    const cleaned = cleanDraft(draft('x'.repeat(1_000_000), 'y'.repeat(10_000_000)));
    expect(cleaned.ticket?.title).toBe(`${'x'.repeat(LONGEST_TITLE - 1)}…`);
    expect(cleaned.message?.text).toHaveLength(LONGEST_TEXT);
  });

  it('drops a URL that is too long to lead anywhere', () => {
    const long = {
      ...draft('t'),
      ticket: { key: '9', url: `https://example.com/${'x'.repeat(5_000)}`, tags: [], custom: {} },
    };
    expect(cleanDraft(long).ticket).toEqual({ key: '9', tags: [], custom: {} });
  });
});

describe('cleanText', () => {
  it('always gives well-formed text without NUL, within its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (text, longest) => {
        const cleaned = cleanText(text, longest);
        return cleaned.isWellFormed() && !cleaned.includes('\0') && cleaned.length <= longest;
      }),
    );
  });
});

describe('cleanKey', () => {
  it('keeps long identifiers apart that begin alike', () => {
    const start = 'k'.repeat(LONGEST_SHORT_FIELD);
    expect(cleanKey(`${start}1`)).not.toBe(cleanKey(`${start}2`));
    expect(cleanKey(`${start}1`)).toHaveLength(LONGEST_SHORT_FIELD);
  });
});
