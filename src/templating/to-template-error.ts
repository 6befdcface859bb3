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

/** @returns LiquidJS's error as ours: what is wrong, in a line, and where. */
export function toTemplateError(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TemplateError(reword(message.replace(APPENDED_POSITION, '')), positionOf(error), { cause: error });
}

function reword(message: string): string {
  for (const [pattern, words] of REWORDED) {
    if (pattern.test(message)) return shorten(message.replace(pattern, words));
  }
  return shorten(message);
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
