import { runToEnd } from '../../test/support/run-to-end.js';
import { LARGEST_TEMPLATE, LiquidEngine } from './liquid-engine.js';
import { TemplateError } from './template-error.js';

const bracketed = (value: unknown): string => `<${String((value as string | number | boolean | null) ?? '')}>`;

/** @returns the error that `run` must throw */
function failure(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('LiquidEngine', () => {
  const engine = new LiquidEngine();

  it('renders a document at its root', () => {
    const template = '{{ type }}: {% for tag in ticket.tags %}[{{ tag | upcase }}]{% endfor %}';
    expect(engine.render(template, { type: 'ticket.tagged', ticket: { tags: ['a', 'b'] } })).toBe(
      'ticket.tagged: [A][B]',
    );
  });

  it('shows nothing for what is not there', () => {
    expect(engine.render('a{{ ticket.title.size.x }}b', {})).toBe('ab');
  });

  it('renders the same template again and again, others in between', () => {
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 250; index++) {
        expect(engine.render(`${index}{{ x }}`, { x: round })).toBe(`${index}${round}`);
      }
    }
  });

  it('renders dates alike wherever it runs', () => {
    expect(engine.render('{{ at | date: "%a %e %b %Y %H:%M" }}', { at: '2026-07-01T23:30:00Z' })).toBe(
      'Wed  1 Jul 2026 23:30',
    );
  });

  describe('what it does not have', () => {
    it.each([
      '{% include "x" %}',
      '{% render "x" %}',
      '{% layout "x" %}',
      '{% block x %}{% endblock %}',
      '{% echo x %}',
      '{% cycle "a", "b" %}',
      '{% liquid echo x %}',
      '{% tablerow a in b %}{% endtablerow %}',
      '{% increment x %}',
      '{% decrement x %}',
      '{% raw %}x{% endraw %}',
    ])('the tag of %s', (template) => {
      expect(failure(() => engine.render(template, {})).message).toMatch(
        /^There is no tag "\w+" \(line 1, column \d+\)$/,
      );
    });

    it.each(['raw', 'escape', 'where_exp', 'group_by_exp', 'find_exp', 'sample', 'newline_to_br', 'url_decode'])(
      'the filter %s',
      (filter) => {
        expect(failure(() => engine.render(`{{ x | ${filter} }}`, {})).message).toContain(
          `There is no filter "${filter}"`,
        );
      },
    );

    it.each([
      'constructor',
      '__proto__',
      'toString',
      'ticket.constructor.name',
      'ticket.__proto__',
      'tags.constructor',
    ])('the inherited property %s', (path) => {
      expect(engine.render(`[{{ ${path} }}]`, { ticket: {}, tags: [] })).toBe('[]');
    });
  });

  describe('outputEscape', () => {
    const escaping = new LiquidEngine({
      outputEscape: bracketed,
      captured: (text) => text.replace(/[<>]/g, ''),
      filters: { shout: { raw: true, apply: (value) => `${String(value)}!` } },
    });

    it.each([
      ['an output', '{{ x }}', '<v>'],
      ['an output whose last filter is not raw', '{{ x | shout | append: "?" }}', '<v!?>'],
      ['an output whose last filter is raw', '{{ x | append: "?" | shout }}', 'v?!'],
      ['a variable', '{% assign y = x | shout %}{{ y }}', '<v!>'],
      ['a captured text, once', '{% capture y %}a{{ x }}{% endcapture %}{{ y }}', '<av>'],
      ['a captured text with a quoted name', '{% capture "y" %}{{ x }}{% endcapture %}{{ y }}', '<v>'],
      ['a condition', '{% if x == "v" %}{{ x }}{% else %}no{% endif %}', '<v>'],
      ['a loop', '{% for i in (1..2) %}{{ i }}{{ forloop.last }}{% endfor %}', '<1><false><2><true>'],
      ['a literal', '{{ "a" }}{{ nil }}{{ 1 }}', '<a><><1>'],
    ])('reaches %s', (_what, template, expected) => {
      expect(escaping.render(template, { x: 'v' })).toBe(expected);
    });
  });

  describe('limits', () => {
    it.each([
      ['a range without end', '{% for i in (1..1000000000) %}x{% endfor %}'],
      ['loops in loops', `${'{% for i in (1..900) %}'.repeat(5)}x${'{% endfor %}'.repeat(5)}`],
      ['loops in loops over a list', `${'{% for i in list %}'.repeat(9)}${'{% endfor %}'.repeat(9)}`],
      ['a text that doubles', '{% assign s = "x" %}{% for i in (1..99) %}{% assign s = s | append: s %}{% endfor %}'],
      [
        'a captured text that doubles',
        '{% assign s = "x" %}{% for i in (1..99) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}',
      ],
      ['replacing that multiplies', `{% assign s = "${'x'.repeat(999)}" %}{{ s | replace: "x", s | replace: "x", s }}`],
      ['an output too large', `{% for i in (1..9999) %}${'x'.repeat(999)}{% endfor %}`],
      ['a padded date', '{{ 0 | date: "%999999999N" }}'],
    ])('end %s', (_what, template) => {
      const error = runToEnd(() => failure(() => engine.render(template, { list: [1, 2, 3, 4, 5, 6, 7, 8, 9] })));
      expect(error.message).toMatch(/too much|too long/);
    });

    it('refuse a template that is too long', () => {
      engine.check('x'.repeat(LARGEST_TEMPLATE));
      expect(
        failure(() => {
          engine.check('x'.repeat(LARGEST_TEMPLATE + 1));
        }).message,
      ).toBe('The template is longer than 10000 characters');
    });

    it('survive a template nested as deeply as one can be', () => {
      const depth = Math.floor(LARGEST_TEMPLATE / '{%if a%}{%endif%}'.length);
      const template = `${'{%if a%}'.repeat(depth)}${'{%endif%}'.repeat(depth)}`;
      expect(engine.render(template, { a: true })).toBe('');
      expect(
        failure(() => {
          engine.check(`{{ ${'a['.repeat(4_900)} }}`);
        }),
      ).toBeInstanceOf(TemplateError);
    });
  });
});
