import type { ConfigChange } from './config-part.js';
import { type ConfigKind, describeChanges } from './difference.js';

/** A thing as a comparison sees it: whatever a document can say of it, secrets masked. */
export interface Thing {
  name: string;
  facts: object;
}

/** What a document comes to beside what there is. */
export interface Comparison<Known extends Thing, Wished extends Thing> {
  create: Wished[];
  update: { known: Known; wished: Wished }[];
  delete: Known[];
  changes: Record<'create' | 'update' | 'delete', ConfigChange[]>;
}

/** Compares what there is with what a document names. */
export function compareThings<Known extends Thing, Wished extends Thing>(
  kind: ConfigKind,
  known: readonly Known[],
  wished: readonly Wished[],
): Comparison<Known, Wished> {
  const byName = new Map(known.map((thing) => [thing.name, thing]));
  const names = new Set(wished.map(({ name }) => name));
  const comparison: Comparison<Known, Wished> = {
    create: [],
    update: [],
    delete: known.filter(({ name }) => !names.has(name)),
    changes: { create: [], update: [], delete: [] },
  };
  for (const thing of wished) {
    const { name } = thing;
    const before = byName.get(name);
    const changes = describeChanges(before?.facts ?? {}, thing.facts);
    if (!before) {
      comparison.create.push(thing);
      comparison.changes.create.push({ kind, name, changes });
    } else if (changes.length > 0) {
      comparison.update.push({ known: before, wished: thing });
      comparison.changes.update.push({ kind, name: before.name, changes });
    }
  }
  comparison.changes.delete = comparison.delete.map(({ name }) => ({ kind, name, changes: [] }));
  return comparison;
}

/** @returns a change of settings that leads from one to the other: null removes */
export function settingsPatch(before: object, after: object): Record<string, unknown> {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return { ...after, ...Object.fromEntries(removed.map((name) => [name, null])) };
}

/** @returns plain JSON of an instance, without what is undefined: as it is stored, and so as it can be compared */
export function plainOf(instance: object | undefined): Record<string, unknown> {
  return JSON.parse(JSON.stringify(instance ?? {})) as Record<string, unknown>;
}
