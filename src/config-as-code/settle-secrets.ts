import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../config/environment.js';
import { type FieldProblem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';
import { readNamedSecret } from './secret-reference.js';

/** Secrets by name, opened. */
export type Secrets = Readonly<Record<string, unknown>>;

/** Shown in the place of a secret. */
const KEPT = '***';
const CHANGED = '*** (changed)';

/** What a document's references come to, beside what is stored. */
export interface SettledSecrets {
  /** All whose variables are set. */
  values: Record<string, unknown>;
  /** Those of `values` that are not stored yet. */
  changed: string[];
  /** Stored, but not in the document. */
  removed: string[];
  /** To be shown: each secret that the thing has then. */
  masks: Record<string, string>;
}

/**
 * Reads the variables that a thing's secrets refer to. One whose variable is not set stays as it is stored, so that what
 * was exported can be applied where the variables are not.
 *
 * @throws Problem 400 `validation_failed` that names variables which are not set and would be needed
 */
export function settleSecrets(
  references: Readonly<Record<string, string | string[]>>,
  stored: Secrets,
  environment: Environment,
): SettledSecrets {
  const settled: SettledSecrets = { values: {}, changed: [], removed: [], masks: {} };
  const problems: FieldProblem[] = [];
  for (const [name, reference] of Object.entries(references)) {
    const { value, unset } = readNamedSecret(reference, environment);
    const isStored = stored[name] !== undefined;
    const isKept = value === undefined && isStored && unset.length === [reference].flat().length;
    if (value === undefined && !isKept) {
      const field = `secrets.${name}`;
      problems.push({ field, message: `${field}: ${unset.join(', ')} is not set in the environment of this gateway` });
      continue;
    }
    const isChanged = value !== undefined && !isDeepStrictEqual(value, stored[name]);
    if (value !== undefined) settled.values[name] = value;
    if (isChanged) settled.changed.push(name);
    settled.masks[name] = isChanged && isStored ? CHANGED : KEPT;
  }
  if (problems.length > 0) throw validationProblem(problems);
  settled.removed = Object.keys(stored).filter((name) => references[name] === undefined);
  return settled;
}

/** @returns stored secrets as a comparison shows them */
export function masksOf(stored: Secrets): Record<string, string> {
  return Object.fromEntries(Object.keys(stored).map((name) => [name, KEPT]));
}

/** @returns secrets to be given with a change: those that differ, or all where they have to be given anew */
export function secretsToGive({ values, changed }: SettledSecrets, isAnew: boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isAnew || changed.includes(name)));
}
