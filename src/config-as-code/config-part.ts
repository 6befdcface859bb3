import type { AdminStep } from '../changes/admin-transactions.js';
import { type FieldProblem, Problem } from '../http/problem.js';
import type { ConfigKind } from './difference.js';

/** One thing that a document makes different. */
export interface ConfigChange {
  kind: ConfigKind;
  name: string;
  /** In words, field by field. */
  changes: string[];
}

/** What a part of a document comes to. */
export interface PartPlan {
  create: ConfigChange[];
  update: ConfigChange[];
  delete: ConfigChange[];
  /** Makes and changes. Each may need what the parts before it have made. */
  save: (step: AdminStep) => Promise<void>;
  /** Deletes what the document does not name, where it may be in use by the parts after it. */
  remove?: (step: AdminStep) => Promise<void>;
  /** What is left to do once everything is there. */
  finish?: (step: AdminStep) => Promise<void>;
}

/** Of a part that the document leaves out. */
export const NOTHING_PLANNED: PartPlan = {
  create: [],
  update: [],
  delete: [],
  save: () => Promise.resolve(),
};

/**
 * Says of which thing a refusal speaks.
 *
 * @param place where the thing stands in the document, e.g. `routes.2`
 * @throws what `work` throws; a Problem under the thing's name
 */
export async function speakingOf<Result>(
  place: string,
  name: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.getStatus(), error.code, `${place} "${name}": ${error.detail}`, {
      ...error.extra,
      ...(error.extra.errors && { errors: error.extra.errors.map((each) => under(place, each)) }),
    });
  }
}

function under(place: string, { field, message }: FieldProblem): FieldProblem {
  return { field: `${place}.${field}`, message: `${place}.${message}` };
}
