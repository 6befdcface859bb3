/** Where a delivery stands. `delivered`, `dead`, `cancelled` and `skipped` are final. */
export const DELIVERY_STATES = ['pending', 'sending', 'delivered', 'dead', 'cancelled', 'skipped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What orders deliveries: those of one ticket of one source, or of the source where there is no ticket. */
export function laneOf(sourceId: string, ticketKey: string | undefined): string {
  return ticketKey === undefined ? sourceId : `${sourceId}/${ticketKey}`;
}

/**
 * Where the sequence of late deliveries begins: replays, and those of events that are routed again. The queue is read in
 * order of sequence, so that a night that is sent again never delays a new ticket. Below 2^53, so that a sequence is a
 * number; the database's own sequence does not come near it.
 */
export const FIRST_LATE_SEQUENCE = 2 ** 52;

/** Before the names of lanes of late deliveries: one that fails must not hold what its ticket says now. */
export const LATE_LANE = 'late:';

/** @param lane a live one */
export function lateLaneOf(lane: string): string {
  return `${LATE_LANE}${lane}`;
}

export function isLateLane(lane: string): boolean {
  return lane.startsWith(LATE_LANE);
}
