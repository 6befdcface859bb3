import { idInstant, lowestId } from '../database/partitions.js';

/** Other processes' clocks may be behind. */
const CLOCKS_APART_MS = 3_600_000;

/** @returns the lowest id that a delivery of these events, or an attempt at one, can have: older partitions are not opened */
export function lowestDeliveryId(eventIds: readonly string[]): string {
  const oldest = eventIds.reduce((lowest, id) => (id < lowest ? id : lowest));
  return lowestId(new Date(Math.max(0, idInstant(oldest).getTime() - CLOCKS_APART_MS)));
}
