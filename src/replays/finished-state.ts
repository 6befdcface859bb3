import type { DeliveryState } from '../deliveries/delivery.js';

/** What only a replay sends again. */
export const FINISHED_STATES = [
  'delivered',
  'dead',
  'cancelled',
  'skipped',
] as const satisfies readonly DeliveryState[];
export type FinishedState = (typeof FINISHED_STATES)[number];

export function isFinished(state: DeliveryState): state is FinishedState {
  return FINISHED_STATES.some((finished) => finished === state);
}
