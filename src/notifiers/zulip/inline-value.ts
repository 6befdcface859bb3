import { cleanLine, isVisible } from './clean-text.js';
import { cutText } from './cut-text.js';
import { shownValue } from './shown-value.js';
import { LONGEST_INLINE } from './zulip-limits.js';

/** @returns what a value shows as within a line: clean, not too long, not encoded; nothing where nothing would show. */
export function inlineValue(value: unknown): string {
  const line = cleanLine(shownValue(value));
  return isVisible(line) ? cutText(line, LONGEST_INLINE) : '';
}
