import { isVisible } from './clean-text.js';

/** @returns what a template's value shows as: lists with commas, nothing for objects. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(shownValue).filter(isVisible).join(', ');
  return '';
}

/** @returns a person's name, else their address, else their id; nothing for nobody. */
export function shownPerson(value: unknown): string {
  if (!isRecord(value)) return shownValue(value);
  return [value['name'], value['email'], value['id']].map(shownValue).find(isVisible) ?? '';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
