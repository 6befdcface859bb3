/** Where a delivery stands. `delivered`, `dead`, `cancelled` and `skipped` are final. */
export const DELIVERY_STATES = ['pending', 'sending', 'delivered', 'dead', 'cancelled', 'skipped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What may follow what. A replay is a new delivery, so nothing leaves a final state. */
const TRANSITIONS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  pending: ['sending', 'dead', 'cancelled', 'skipped'],
  sending: ['pending', 'delivered', 'dead'],
  delivered: [],
  dead: [],
  cancelled: [],
  skipped: [],
};

/** @returns whether a delivery may go from one state to another */
export function canBecome(from: DeliveryState, to: DeliveryState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** @returns whether nothing will happen to the delivery any more */
export function isFinal(state: DeliveryState): boolean {
  return TRANSITIONS[state].length === 0;
}

/** What orders deliveries: those of one ticket of one source, or of the source where there is no ticket. */
export function laneOf(sourceId: string, ticketKey: string | undefined): string {
  return ticketKey === undefined ? sourceId : `${sourceId}/${ticketKey}`;
}
