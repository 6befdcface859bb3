/** Where a delivery stands. `delivered`, `dead`, `cancelled` and `skipped` are final. */
export const DELIVERY_STATES = ['pending', 'sending', 'delivered', 'dead', 'cancelled', 'skipped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What orders deliveries: those of one ticket of one source, or of the source where there is no ticket. */
export function laneOf(sourceId: string, ticketKey: string | undefined): string {
  return ticketKey === undefined ? sourceId : `${sourceId}/${ticketKey}`;
}
