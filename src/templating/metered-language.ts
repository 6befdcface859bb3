import {
  CaptureTag,
  CaseTag,
  Context,
  defaultOperators,
  type FilterImplOptions,
  IfTag,
  type Liquid,
  type Operators,
  toValue,
  UnlessTag,
} from 'liquidjs';
import { meterOf } from './render-meter.js';

/** Characters that a filter goes through in a step. */
const CHARACTERS_A_STEP = 100;
/** Comparisons of characters in a step: searching a text takes, at worst, its length times that of what is searched. */
const COMPARISONS_A_STEP = 4_000;
/** A path is followed for every element: 0.1 µs for each of its characters, measured. */
const PATH_CHARACTERS_A_STEP = 10;
/** Names of months and days take 36 µs each, measured; a conversion has two characters. */
const STEPS_A_DATE_CHARACTER = 18;

/** What it takes to look at a value that a template names, a link of a path included. */
const STEPS_A_VALUE = 0.25;

const SEARCHING = ['split', 'remove', 'remove_first', 'remove_last', 'replace', 'replace_first', 'replace_last'];
const BY_PATH = ['map', 'where', 'reject', 'find', 'has', 'sort', 'sort_natural', 'sum'];
const SORTING = ['sort', 'sort_natural'];
/** LiquidJS does not count what it makes, up to six characters of one. */
const UNCOUNTED = 'url_encode';

/** Meters every filter by the size of what it is given. */
export function meterFilters(filters: Record<string, FilterImplOptions>): void {
  for (const [name, filter] of Object.entries(filters)) {
    const { raw, handler } = typeof filter === 'function' ? { raw: false, handler: filter } : filter;
    filters[name] = {
      raw,
      handler(value: unknown, ...args: unknown[]): unknown {
        meterOf(this.context).use(costOf(name, toValue(value), args));
        const result: unknown = handler.apply(this, [value, ...args]);
        if (name === UNCOUNTED) this.context.memoryLimit.use(String(result).length);
        return result;
      },
    };
  }
}

function costOf(name: string, value: unknown, args: readonly unknown[]): number {
  const size = sizeOf(value);
  const first = lengthOf(args[0]);
  let cost = 1 + size + args.reduce<number>((sum, arg) => sum + STEPS_A_VALUE + sizeOf(arg), 0);
  if (SEARCHING.includes(name)) cost += searchCost(lengthOf(value), first);
  if (BY_PATH.includes(name)) cost += (size * first) / PATH_CHARACTERS_A_STEP;
  if (SORTING.includes(name)) cost += size * Math.log2(1 + lengthOf(value));
  if (name === 'date') cost += first * STEPS_A_DATE_CHARACTER;
  return cost;
}

function searchCost(length: number, wanted: number): number {
  return (length * wanted) / COMPARISONS_A_STEP;
}

/** @returns the steps in which something is gone through once */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length / CHARACTERS_A_STEP;
  if (!Array.isArray(value)) return 0;
  let size = value.length;
  for (const element of value as unknown[]) if (typeof element === 'string') size += element.length / CHARACTERS_A_STEP;
  return size;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}

/** Meters every link of a path such as `ticket.custom.Plan`. */
export class MeteredContext extends Context {
  override readProperty(...[group, name]: Parameters<Context['readProperty']>): unknown {
    meterOf(this).count(STEPS_A_VALUE);
    return super.readProperty(group, name) as unknown;
  }
}

/** LiquidJS's operators, metered: two lists are compared element by element, a text is searched from end to end. */
export const METERED_OPERATORS: Operators = Object.fromEntries(
  Object.entries(defaultOperators).map(([name, operate]) => {
    const isUnary = name === 'not';
    const metered = isUnary
      ? (operand: unknown, context: Context) => {
          meterOf(context).use(1);
          return (operate as (operand: unknown, context: Context) => boolean)(operand, context);
        }
      : (left: unknown, right: unknown, context: Context) => {
          meterOf(context).use(comparisonCost(toValue(left), toValue(right)));
          return (operate as (left: unknown, right: unknown, context: Context) => boolean)(left, right, context);
        };
    return [name, metered];
  }),
);

function comparisonCost(left: unknown, right: unknown): number {
  return 1 + sizeOf(left) + (typeof left === 'string' ? searchCost(left.length, lengthOf(right)) : 0);
}

/** A condition that is one variable or value takes no operator; a node may have hundreds of them. */
export class MeteredIf extends IfTag {
  override *render(...[context, emitter]: Parameters<IfTag['render']>): ReturnType<IfTag['render']> {
    meterOf(context).use(this.branches.length * STEPS_A_VALUE);
    return yield* super.render(context, emitter);
  }
}

/** @see MeteredIf */
export class MeteredUnless extends UnlessTag {
  override *render(...[context, emitter]: Parameters<UnlessTag['render']>): ReturnType<UnlessTag['render']> {
    meterOf(context).use(this.branches.length * STEPS_A_VALUE);
    return yield* super.render(context, emitter);
  }
}

/** Compares with its values by itself, without an operator. */
export class MeteredCase extends CaseTag {
  override *render(...[context, emitter]: Parameters<CaseTag['render']>): Generator<unknown, void> {
    const target = (yield this.value.value(context)) as unknown;
    const comparisons = this.branches.reduce((sum, { values }) => sum + values.length, 0);
    meterOf(context).use(comparisons * (1 + sizeOf(toValue(target))));
    yield* super.render(context, emitter);
  }
}

/**
 * LiquidJS does not count what is captured: measured before anybody reads the text, which copies it.
 *
 * @param captured what a captured text passes through before it becomes a variable
 */
export function meteredCapture(captured: (text: string) => string = (text) => text): typeof CaptureTag {
  return class MeteredCapture extends CaptureTag {
    override *render(context: Context): Generator<unknown, void, string> {
      yield* super.render(context);
      const variables = context.bottom() as Record<string, string>;
      const text = variables[this.variable] ?? '';
      context.memoryLimit.use(text.length);
      meterOf(context).use(text.length / CHARACTERS_A_STEP);
      variables[this.variable] = captured(text);
    }
  };
}

/** @param escape what every output passes through unless its last filter is raw */
export function meteredEscape(escape: (value: unknown) => string): NonNullable<Liquid['options']['outputEscape']> {
  return function (this: { context: Context }, value: unknown): string {
    const shown: unknown = toValue(value);
    meterOf(this.context).use(sizeOf(shown));
    return escape(shown);
  } as NonNullable<Liquid['options']['outputEscape']>;
}
