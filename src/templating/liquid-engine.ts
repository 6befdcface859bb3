import { type Context, type FilterImplOptions, Liquid, type Template, toValue } from 'liquidjs';
import { ALLOWED_FILTERS, ALLOWED_TAGS } from './allowed-language.js';
import type { LiquidFilter } from './liquid-filter.js';
import {
  METERED_OPERATORS,
  MeteredCase,
  meteredCapture,
  MeteredContext,
  meteredEscape,
  MeteredIf,
  MeteredUnless,
  meterFilters,
} from './metered-language.js';
import { OUT_OF_TIME, type RenderLimits, RenderMeter } from './render-meter.js';
import { TemplateError } from './template-error.js';
import { toTemplateError } from './to-template-error.js';

/** In UTF-16 units. Zulip takes messages of 10,000 code points: no template needs to be longer. */
export const LARGEST_TEMPLATE = 10_000;

/** In UTF-16 units; larger output is refused before anybody copies it. */
const LARGEST_OUTPUT = 1_000_000;
/** Of one message. It takes some hundred steps, and less than one millisecond. */
const LIMITS: RenderLimits = { steps: 250_000, memory: 1_000_000, timeMs: 250 };
/** Of each sample by which a template is judged before it is saved: what takes more would be a burden on every event. */
const TRIAL_LIMITS: RenderLimits = { steps: 5_000, memory: 100_000, timeMs: 250 };
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
    return withSecondChance(() => this.renderWithin(template, document, LIMITS.memory, new RenderMeter(LIMITS)));
  }

  /**
   * Renders once, in a time that somebody else keeps.
   *
   * @param limitMs of this rendering
   * @throws TemplateError as `render`
   */
  renderOnce(source: string, document: object, limitMs: number): string {
    const meter = new RenderMeter({ ...LIMITS, timeMs: limitMs });
    return this.renderWithin(this.parse(source), document, LIMITS.memory, meter);
  }

  /**
   * Tries a template out before it is saved, with each of the samples within limits far below those of a message.
   *
   * @param documents samples of what it will be given
   * @returns the steps that the costliest of them took
   * @throws TemplateError when the template cannot be parsed, or not rendered within the limits
   */
  tryOut(source: string, documents: readonly object[]): number {
    const template = this.parse(source);
    const steps = documents.map((document) =>
      withSecondChance(() => {
        const meter = new RenderMeter(TRIAL_LIMITS);
        this.renderWithin(template, document, TRIAL_LIMITS.memory, meter);
        return meter.steps;
      }),
    );
    return Math.max(...steps);
  }

  private renderWithin(template: Template[], document: object, memoryLimit: number, meter: RenderMeter): string {
    // LiquidJS asks its limit of time before every node; ours counts as well.
    const renderLimit = meter as unknown as Context['renderLimit'];
    const options = { sync: true, memoryLimit };
    const context = new MeteredContext(document, this.liquid.options, options, { renderLimit, liquid: this.liquid });
    let output: string;
    try {
      output = String(this.liquid.renderSync(template, context));
    } catch (error) {
      throw toTemplateError(error);
    }
    if (output.length > LARGEST_OUTPUT) throw new TemplateError('The template writes too much');
    return output;
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

/** @throws what `render` throws, the second time where it ran out of time */
function withSecondChance<Result>(render: () => Result, tries = MOST_TRIES): Result {
  try {
    return render();
  } catch (error) {
    if (tries > 1 && ranOutOfTime(error)) return withSecondChance(render, tries - 1);
    throw error;
  }
}

function ranOutOfTime(error: unknown): boolean {
  return error instanceof TemplateError && error.cause instanceof Error && error.cause.message.startsWith(OUT_OF_TIME);
}

function makeLiquid({ outputEscape, captured, filters = {} }: LiquidEngineOptions): Liquid {
  const liquid = new Liquid({
    // No file system: what would be read does not exist. The tags that would read it are gone as well.
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: LARGEST_TEMPLATE,
    // Dates do not depend on where the gateway runs.
    timezoneOffset: 0,
    locale: 'en-US',
    operators: METERED_OPERATORS,
    ...(outputEscape && { outputEscape: meteredEscape(outputEscape) }),
  });
  keepOnly(liquid.tags, ALLOWED_TAGS);
  keepOnly(liquid.filters, ALLOWED_FILTERS);
  liquid.registerTag('capture', meteredCapture(captured));
  liquid.registerTag('case', MeteredCase);
  liquid.registerTag('if', MeteredIf);
  liquid.registerTag('unless', MeteredUnless);
  for (const [name, filter] of Object.entries(filters)) liquid.registerFilter(name, toLiquidFilter(filter));
  meterFilters(liquid.filters);
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
