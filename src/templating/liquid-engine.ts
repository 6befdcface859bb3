import { CaptureTag, type Context, type FilterImplOptions, Liquid, type Template, toValue } from 'liquidjs';
import { ALLOWED_FILTERS, ALLOWED_TAGS } from './allowed-language.js';
import type { LiquidFilter } from './liquid-filter.js';
import { MESSAGE_FILTER_NAMES } from './message-filters.js';
import { TemplateError } from './template-error.js';
import { toTemplateError } from './to-template-error.js';

/** In UTF-16 units. Zulip takes messages of 10,000 code points: no template needs to be longer. */
export const LARGEST_TEMPLATE = 10_000;

/** In UTF-16 units; larger output is refused before anybody copies it. */
const LARGEST_OUTPUT = 1_000_000;
/** LiquidJS counts what filters and ranges allocate, about one for a character or an element: https://liquidjs.com/tutorials/dos.html */
const MOST_MEMORY = 1_000_000;
/** A message takes less than one millisecond. */
const RENDER_TIME_LIMIT_MS = 250;
/** The limit is by the wall clock: a render that a paused process interrupted gets a second chance. */
const MOST_TRIES = 2;
const MOST_CACHED_TEMPLATES = 200;

export interface LiquidEngineOptions {
  /** What every output passes through unless its last filter is raw. */
  outputEscape?: (value: unknown) => string;
  /** What a captured text passes through before it becomes a variable. */
  captured?: (text: string) => string;
  filters?: Readonly<Record<string, LiquidFilter>>;
}

/** The one template language of the house: Liquid without files, without unescaped output, within limits. Synchronous. */
export class LiquidEngine {
  private readonly liquid: Liquid;
  /** Parsed templates, the one used last at the end. */
  private readonly parsed = new Map<string, Template[]>();

  constructor(options: LiquidEngineOptions = {}) {
    this.liquid = makeLiquid(options);
  }

  /** @throws TemplateError when the template cannot be parsed or is too long */
  check(source: string): void {
    this.parse(source);
  }

  /**
   * @param document what the template sees at its root: plain JSON, of which only own properties are read
   * @throws TemplateError when the template cannot be parsed, or not rendered within the limits
   */
  render(source: string, document: object): string {
    const template = this.parse(source);
    return this.withinSize(this.renderWithin(template, document, MOST_TRIES));
  }

  /**
   * Renders once, in a time that somebody else keeps.
   *
   * @param limitMs of this rendering
   * @throws TemplateError as `render`
   */
  renderOnce(source: string, document: object, limitMs: number): string {
    const template = this.parse(source);
    try {
      return this.withinSize(String(this.liquid.renderSync(template, document, { renderLimit: limitMs })));
    } catch (error) {
      throw error instanceof TemplateError ? error : toTemplateError(error);
    }
  }

  private withinSize(output: string): string {
    if (output.length > LARGEST_OUTPUT) throw new TemplateError('The template writes too much');
    return output;
  }

  private renderWithin(template: Template[], document: object, tries: number): string {
    try {
      return String(this.liquid.renderSync(template, document));
    } catch (error) {
      const ranOutOfTime = error instanceof Error && error.message.startsWith('template render limit exceeded');
      if (ranOutOfTime && tries > 1) return this.renderWithin(template, document, tries - 1);
      throw toTemplateError(error);
    }
  }

  private parse(source: string): Template[] {
    const template = this.parsed.get(source) ?? this.parseAnew(source);
    this.parsed.delete(source);
    this.parsed.set(source, template);
    for (const oldest of this.parsed.keys()) {
      if (this.parsed.size <= MOST_CACHED_TEMPLATES) break;
      this.parsed.delete(oldest);
    }
    return template;
  }

  private parseAnew(source: string): Template[] {
    if (source.length > LARGEST_TEMPLATE) {
      throw new TemplateError(`The template is longer than ${LARGEST_TEMPLATE} characters`);
    }
    try {
      return this.liquid.parse(source);
    } catch (error) {
      throw toTemplateError(error);
    }
  }
}

function makeLiquid({ outputEscape, captured, filters = {} }: LiquidEngineOptions): Liquid {
  const liquid = new Liquid({
    // No file system: what would be read does not exist. The tags that would read it are gone as well.
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: LARGEST_TEMPLATE,
    renderLimit: RENDER_TIME_LIMIT_MS,
    memoryLimit: MOST_MEMORY,
    // Dates do not depend on where the gateway runs.
    timezoneOffset: 0,
    locale: 'en-US',
    ...(outputEscape && { outputEscape: (value: unknown) => outputEscape(toValue(value)) }),
  });
  keepOnly(liquid.tags, ALLOWED_TAGS);
  keepOnly(liquid.filters, ALLOWED_FILTERS);
  liquid.registerTag('capture', measuredCapture(captured));
  for (const [name, filter] of Object.entries(filters)) liquid.registerFilter(name, toLiquidFilter(filter));
  return liquid;
}

function keepOnly(registry: Record<string, unknown>, allowed: readonly string[]): void {
  for (const name of Object.keys(registry)) {
    if (!allowed.includes(name)) Reflect.deleteProperty(registry, name);
  }
}

function toLiquidFilter({ raw, apply }: LiquidFilter): FilterImplOptions {
  return {
    raw,
    handler: (value: unknown, ...args: unknown[]) => apply(toValue(value), ...args.map((arg): unknown => toValue(arg))),
  };
}

/** LiquidJS does not count what is captured: measured before anybody reads the text, which copies it. */
function measuredCapture(captured: (text: string) => string = (text) => text): typeof CaptureTag {
  return class MeasuredCapture extends CaptureTag {
    override *render(context: Context): Generator<unknown, void, string> {
      yield* super.render(context);
      const variables = context.bottom() as Record<string, string>;
      const text = variables[this.variable] ?? '';
      context.memoryLimit.use(text.length);
      variables[this.variable] = captured(text);
    }
  };
}

/** Knows the names that a message may use; what they do is the notifier's. */
const messageLanguage = new LiquidEngine({
  filters: Object.fromEntries(MESSAGE_FILTER_NAMES.map((name) => [name, { raw: false, apply: String }])),
});

/**
 * Judges a route's template of a message or a topic before it is saved.
 *
 * @throws TemplateError that says what is wrong with it, and where
 */
export function checkTemplate(source: string): void {
  messageLanguage.check(source);
}
