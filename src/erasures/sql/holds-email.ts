import type { EmailPattern } from '../email-pattern.js';

/**
 * A first look at text, which finds all that holds the address and little else: what stands beside it is judged later.
 *
 * @param text an expression of type text, which may be null
 * @param word,source the parameters that `emailValues` gives
 */
export function holdsEmail(text: string, word: string, source: string): string {
  return `exists (
        select from (select lower(${text}) as whole offset 0) looked_at
        where strpos(whole, ${word}) > 0 and whole ~ ${source}
      )`;
}

/** @returns the values of its two parameters */
export function emailValues({ word, source }: EmailPattern): [string, string] {
  return [word, source];
}
