import { asLine, type Payload, readList } from '../../read-payload.js';

/** As many as the log keeps of a list. */
export const MOST_LINES = 100;

/** @returns the texts of a list, such as a ticket's tags: each once, none blank */
export function readLines(payload: Payload, name: string): string[] {
  return distinctLines(readList(payload, name).slice(0, MOST_LINES));
}

/** @see readLines */
export function distinctLines(values: readonly unknown[]): string[] {
  return [...new Set(values.map(asLine).filter((line) => line !== undefined))];
}
