import fc from 'fast-check';
import { ALLOWED_FILTERS } from './allowed-language.js';
import { LARGEST_TEMPLATE, LiquidEngine } from './liquid-engine.js';
import { SAMPLE_EVENTS } from './sample-events.js';
import { TemplateError } from './template-error.js';

/** What one sample may take; written here once more, since the tests are about it. */
const MOST_STEPS = 5_000;

const engine = new LiquidEngine({ outputEscape: String });

/** @returns what is wrong with a template; undefined where it may be saved */
function fault(template: string): string | undefined {
  try {
    engine.tryOut(template, SAMPLE_EVENTS);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

/** 32,768 characters in `s`, at the price of twice as many. */
const GROW = '{% assign s = "x" %}{% for i in (1..15) %}{% assign s = s | append: s %}{% endfor %}';
const TWO_LISTS = '{% assign a = (1..40000) %}{% assign b = (1..40000) %}';

describe('a template that is tried out', () => {
  it.each([
    ['words alone', 'Look!'],
    ['everything that an event has', '{{ ticket.title }} {{ actor.name }} {{ message.text }} {{ ticket.custom.Plan }}'],
    [
      'loops over what an event has',
      '{% for tag in ticket.tags %}{% for change in changes %}{{ tag }}{{ change.to }}{% endfor %}{% endfor %}',
    ],
    ['words for every type', `{% case type %}${'{% when "a" %}{{ ticket.title }}'.repeat(50)}{% else %}x{% endcase %}`],
    ['the longest one', '{{ ticket.title | upcase }} and '.repeat(303)],
    ['the deepest one', `${'{%if type%}'.repeat(476)}${'{%endif%}'.repeat(476)}`],
  ])('may have %s', (_what, template) => {
    expect(template.length).toBeLessThanOrEqual(LARGEST_TEMPLATE);
    expect(fault(template)).toBeUndefined();
  });

  // Each is refused at the same place on every machine: what is done is counted, the clock is not asked.
  it.each([
    ['a range without end', '{% for i in (1..1000000000) %}x{% endfor %}', 'uses too much memory (line 1, column 1)'],
    [
      'loops in loops over ranges',
      `${'{% for i in (1..900) %}'.repeat(5)}x${'{% endfor %}'.repeat(5)}`,
      'does too much (line 1, column 93)',
    ],
    [
      'loops in loops over a list of three',
      `${'{% for i in ticket.tags %}'.repeat(20)}${'{% endfor %}'.repeat(20)}`,
      'does too much (line 1, column 495)',
    ],
    [
      'a text that doubles',
      '{% assign s = "x" %}{% for i in (1..99) %}{% assign s = s | append: s %}{% endfor %}',
      'uses too much memory (line 1, column 43)',
    ],
    [
      'a captured text that doubles',
      '{% assign s = "x" %}{% for i in (1..99) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}',
      'uses too much memory (line 1, column 43)',
    ],
    [
      'a search from the end',
      `${GROW}{% assign p = s | slice: 0, 16000 | append: "b" %}{{ s | remove_last: p }}`,
      'does too much (line 1, column 135)',
    ],
    [
      'a search from the beginning',
      `${GROW}{% assign h = s | slice: 0, 8000 %}{% assign p = h | append: "b" | append: h %}{{ s | split: p | size }}`,
      'does too much (line 1, column 164)',
    ],
    [
      'a thousand comparisons of long lists in one condition',
      `${TWO_LISTS}{% if a == b ${'and a == b '.repeat(700)}%}x{% endif %}`,
      'does too much (line 1, column 55)',
    ],
    [
      'as many in one case',
      `${TWO_LISTS}{% case a %}{% when ${'b,'.repeat(3_000)}b %}x{% endcase %}`,
      'does too much (line 1, column 55)',
    ],
    ['sorting', '{{ (1..40000) | reverse | sort_natural | size }}', 'does too much (line 1, column 1)'],
    [
      'a path as long as a book, for each element',
      '{% assign p = "a.a.a.a.a" %}{% for i in (1..9) %}{% assign p = p | append: "." | append: p %}{% endfor %}' +
        '{{ (1..2000) | where: p | size }}',
      'does too much (line 1, column 106)',
    ],
    ['the months of a thousand years', `{{ 0 | date: "${'%B'.repeat(4_800)}" }}`, 'does too much (line 1, column 1)'],
    [
      'conditions without an operator',
      `{% for i in (1..50000) %}{% if false %}${'{% elsif false %}'.repeat(550)}{% endif %}{% endfor %}`,
      'does too much (line 1, column 26)',
    ],
    [
      'paths that lead nowhere',
      `{% for i in (1..50000) %}{{ ${'a.'.repeat(4_800)}a }}{% endfor %}`,
      'does too much (line 1, column 29)',
    ],
    [
      'filters with a thousand arguments',
      `{% for i in (1..50000) %}{{ 1 | default: ${'1,'.repeat(4_800)}1 }}{% endfor %}`,
      'does too much (line 1, column 26)',
    ],
    [
      'a text that grows where LiquidJS does not count',
      `{% assign s = "é" %}{{ s ${'| url_encode '.repeat(700)}}}`,
      'uses too much memory (line 1, column 21)',
    ],
  ])('is refused for %s', (_what, template, message) => {
    expect(fault(template)).toBe(`The template ${message}`);
  });

  it('is refused where a filter cannot take what it is given, in words about the template', () => {
    expect(fault('\n{{ type | has | default: 9, 9 }}')).toBe(
      'A tag or filter cannot take what it is given (line 2, column 1)',
    );
  });

  it('is refused for what fails with some event only, and says where', () => {
    const template = 'Hello\n{% if type == "ticket.deleted" %}{% for i in (1..999999) %}x{% endfor %}{% endif %}';
    expect(fault(template)).toBe('The template uses too much memory (line 2, column 34)');
  });
});

describe('templates of random pieces', () => {
  const texts = fc.constantFrom('s', 'l', 'type', 'ticket.title', 'ticket.tags', 'changes', '"x"', '9', '(1..99)', 'i');
  const argument = fc.oneof(texts, fc.constantFrom('99999', '"a.b.c"', '"%c%B"', '-1', '1e9'));
  const filter = fc
    .tuple(fc.constantFrom(...ALLOWED_FILTERS, 'look'), fc.array(argument, { maxLength: 2 }))
    .map(([name, args]) => ` | ${name}${args.length > 0 ? `: ${args.join(', ')}` : ''}`);
  const value = fc.tuple(texts, fc.array(filter, { maxLength: 6 })).map(([text, filters]) => text + filters.join(''));
  const condition = fc
    .tuple(texts, fc.constantFrom('==', '!=', 'contains', '<', 'and', 'or'), texts)
    .map(([left, operator, right]) => `${left} ${operator} ${right}`);
  const open = fc.oneof(
    value.map((text) => `{{ ${text} }}`),
    value.map((text) => `{% assign s = ${text} %}`),
    value.map((text) => `{% assign l = ${text} %}`),
    texts.map((text) => `{% for i in ${text} %}`),
    condition.map((text) => `{% if ${text} %}`),
    texts.map((text) => `{% case ${text} %}{% when l, s, "x" %}`),
    fc.constantFrom('{% capture s %}{{ s }}{{ s }}', 'words', '{% else %}', '{% break %}', '{% nope %}', '{{', '%}'),
  );
  const ENDS: Record<string, string> = { for: '{% endfor %}', if: '{% endif %}', case: '{% endcase %}' };

  /** Closes what the pieces open, so that most templates can be read. */
  const close = (pieces: readonly string[]): string => {
    const opened = pieces.flatMap((piece) => /^\{% (for|if|case|capture)/.exec(piece)?.[1] ?? []);
    return (
      pieces.join('') +
      opened
        .reverse()
        .map((tag) => ENDS[tag] ?? '{% endcapture %}')
        .join('')
    );
  };

  it('are tried out within the limits or refused in words, whatever they are', () => {
    let looked = 0;
    /** Counts for itself what passes through filters: characters and elements. */
    const watched = new LiquidEngine({
      outputEscape: String,
      filters: {
        look: {
          raw: false,
          apply: (text) => {
            looked += typeof text === 'string' ? text.length / 100 : Array.isArray(text) ? text.length : 0;
            return text;
          },
        },
      },
    });
    const outcomes = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(open, { minLength: 1, maxLength: 25 }), (pieces) => {
        looked = 0;
        const template = close(pieces);
        try {
          expect(watched.tryOut(template, SAMPLE_EVENTS)).toBeLessThanOrEqual(MOST_STEPS);
          outcomes.taken += 1;
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
          expect(error.message).not.toMatch(/undefined|object|iterable|function|at .*\.js/);
          outcomes.refused += 1;
        }
        expect(looked).toBeLessThanOrEqual(MOST_STEPS * SAMPLE_EVENTS.length);
      }),
      { numRuns: 2_000 },
    );
    // Both kinds were among them.
    expect(outcomes.taken).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
  });
});
