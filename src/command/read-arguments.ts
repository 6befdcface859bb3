import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usage-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Read<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

/**
 * Reads options and up to so many other words, in any order.
 *
 * @throws UsageError that says what is wrong
 */
export function readArguments<O extends Options>(args: readonly string[], options: O, mostWords = 0): Read<O> {
  const read = parse(args, options);
  const surplus = read.positionals.slice(mostWords);
  if (surplus.length > 0) throw new UsageError(`What is "${surplus.join(' ')}"?`);
  return read;
}

function parse<O extends Options>(args: readonly string[], options: O): Read<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
