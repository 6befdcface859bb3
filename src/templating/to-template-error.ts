import { LiquidError } from 'liquidjs';
import { OUT_OF_STEPS, OUT_OF_TIME } from './render-meter.js';
import { TemplateError, type TemplatePosition } from './template-error.js';

const LONGEST_REASON = 200;
/** What LiquidJS appends to its messages: https://github.com/harttle/liquidjs/blob/master/src/util/error.ts */
const APPENDED_POSITION = /, (?:file:.*, )?line:\d+, col:\d+$/s;

/** How LiquidJS and V8 word what authors meet most, and how we do. `$1` is the name in question. */
const REWORDED: readonly [RegExp, string][] = [
  [/^undefined filter: (.*)$/s, 'There is no filter "$1"'],
  [/^tag "(.*)" not found$/s, 'There is no tag "$1"'],
  [/^tag (.*) not closed$/s, 'The tag $1 is not closed'],
  [/^memory alloc limit exceeded$|^Invalid (?:string|array) length$/, 'The template uses too much memory'],
  [new RegExp(`^${OUT_OF_TIME}$`), 'The template takes too long'],
  [new RegExp(`^${OUT_OF_STEPS}$`), 'The template does too much'],
  [/^parse length limit exceeded$/, 'The template is too long'],
  [/^Maximum call stack size exceeded$/, 'The template is nested too deeply'],
];

/** JavaScript's own, from where LiquidJS takes for granted what it is given: its words are about code that authors do not see. */
const OF_CODE = ['TypeError', 'RangeError', 'ReferenceError'];
const MISUSED = 'A tag or filter cannot take what it is given';

/** @returns LiquidJS's error as ours: what is wrong, in a line, and where. */
export function toTemplateError(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const words = reword(message.replace(APPENDED_POSITION, '')) ?? (isOfCode(error) ? MISUSED : message);
  return new TemplateError(shorten(words.replace(APPENDED_POSITION, '')), positionOf(error), { cause: error });
}

function reword(message: string): string | undefined {
  for (const [pattern, words] of REWORDED) {
    if (pattern.test(message)) return message.replace(pattern, words);
  }
  return undefined;
}

function isOfCode(error: unknown): boolean {
  const original: unknown = LiquidError.is(error) ? error.originalError : error;
  return original instanceof Error && OF_CODE.includes(original.name);
}

function shorten(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().toWellFormed();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON).toWellFormed()}…` : line;
}

function positionOf(error: unknown): TemplatePosition | undefined {
  if (!LiquidError.is(error)) return undefined;
  const [line, column] = error.token.getPosition();
  return line === undefined || column === undefined ? undefined : { line, column };
}
