import { newId } from '../clock/new-id.js';
import type { CompiledRevision } from '../routes/route-table.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { NewDelivery } from './webhook-record.js';

/** Where an event goes: by which route, or to a subscriber, and to which destination. */
export type Way = Pick<NewDelivery, 'routeId' | 'destinationId'>;

/** @returns where the routes send an event, in the order of their positions */
export function waysByRoutes(revision: CompiledRevision, document: TicketEventDocument): Way[] {
  return revision.routes.match(document).map(({ route }) => ({
    routeId: route.id,
    destinationId: route.destination_id,
  }));
}

/** @returns a delivery as the statements that store it read it, but for where it stands */
export function deliveryRow(sourceId: string, document: TicketEventDocument, delivery: NewDelivery): object {
  return {
    id: delivery.id,
    event_id: document.id,
    source_id: sourceId,
    route_id: delivery.routeId,
    destination_id: delivery.destinationId,
    type: document.type,
    ticket_key: document.ticket?.key,
    ticket_number: document.ticket?.number,
    lane: delivery.lane,
    has_sibling: delivery.hasSibling,
  };
}

/** @returns the deliveries of one event. Pure but for the ids, which begin with `at`. */
export function makeDeliveries(lane: string, at: Date, ways: readonly Way[]): NewDelivery[] {
  const destinations = new Set<string>();
  return ways.map((way) => {
    const hasSibling = destinations.has(way.destinationId);
    destinations.add(way.destinationId);
    return { id: newId(at), ...way, lane, hasSibling };
  });
}
