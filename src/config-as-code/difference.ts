import { isDeepStrictEqual } from 'node:util';

const LONGEST_SHOWN = 120;

export const CONFIG_KINDS = ['source', 'destination', 'route'] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

/** @returns in words what of a thing differs, field by field; nothing where nothing does */
export function describeChanges(before: object, after: object, path = ''): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const was = (before as Record<string, unknown>)[name];
    const is = (after as Record<string, unknown>)[name];
    if (isDeepStrictEqual(was, is)) return [];
    const field = path === '' ? name : `${path}.${name}`;
    if (isGroup(was) && isGroup(is)) return describeChanges(was, is, field);
    if (was === undefined) return [`${field}: ${show(is)} is added`];
    if (is === undefined) return [`${field}: ${show(was)} is removed`];
    return [`${field}: ${show(was)} becomes ${show(is)}`];
  });
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text;
}
