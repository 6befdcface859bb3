import { IsNull } from 'typeorm';
import type { AdminStep } from '../changes/admin-transactions.js';
import { notFound } from '../http/problem.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { type ConfigurationFacts, configurationOf } from './destination-configuration.js';
import { Destination } from './destination.entity.js';

/** What is changed of a destination; secrets sealed. */
export type RowChanges = Partial<
  Pick<Destination, 'name' | 'settings' | 'secrets' | 'subscriberUrl' | 'disabledAt' | 'deletedAt'>
>;

/** A change as the record tells it. */
export interface RecordedChange {
  /** A word, e.g. `update`. */
  action: string;
  before?: ConfigurationFacts;
  after?: ConfigurationFacts;
}

/**
 * The row, held until the end of the transaction: two changes at once would each undo what the other one did, and no route
 * to it is saved meanwhile.
 *
 * @throws Problem 404
 */
export async function lockRow({ manager }: AdminStep, id: string): Promise<Destination> {
  const row = await manager.findOne(Destination, {
    where: { id, deletedAt: IsNull() },
    lock: { mode: 'for_no_key_update' },
  });
  if (!row) throw notFound('destination');
  return row;
}

/** @throws Problem 409 `name_taken`; what the database says where another subscriber has the address */
export async function insertRow({ manager, record }: AdminStep, row: Destination): Promise<void> {
  await refuseTakenName('destination', 'destinations_name', () => manager.insert(Destination, row));
  await record({ action: 'create', subject: subjectOf(row), before: null, after: configurationOf(row) });
}

/**
 * Writes a change of a locked row, with its next version, and the record of it.
 *
 * @returns the row as it is now
 * @throws Problem 409 `name_taken`
 */
export async function saveRow(
  { manager, record }: AdminStep,
  row: Destination,
  changes: RowChanges,
  { action, before, after }: RecordedChange,
): Promise<Destination> {
  const set = { ...changes, version: row.version + 1 };
  await refuseTakenName('destination', 'destinations_name', () => manager.update(Destination, { id: row.id }, set));
  const changed = { ...row, ...set };
  await record({
    action,
    subject: subjectOf(changed),
    before: configurationOf(row, before),
    after: changed.deletedAt ? null : configurationOf(changed, after),
  });
  return changed;
}

function subjectOf({ id, name }: Destination): { kind: 'destination'; id: string; name: string } {
  return { kind: 'destination', id, name };
}
