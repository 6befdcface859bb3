import { cleanLine } from './clean-text.js';
import { cutText } from './cut-text.js';

const LONGEST = 200;

/** @returns what a server says, fit to stand within a sentence of ours */
export function shownLine(text: string): string {
  return cutText(cleanLine(text), LONGEST);
}
