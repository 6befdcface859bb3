import { LiquidEngine } from '../../../templating/liquid-engine.js';

/**
 * The house's template language for single values: nothing is encoded, since that is done when a message is rendered.
 * Numbers and flags come out as JSON writes them, lists with commas, objects and lists of them as JSON, null as nothing.
 */
export const fieldLanguage = new LiquidEngine({ outputEscape: textOf });

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value) && value.every(isPlain)) return value.map(textOf).filter(Boolean).join(', ');
  return JSON.stringify(value);
}

function isPlain(element: unknown): boolean {
  return typeof element !== 'object' || element === null;
}
