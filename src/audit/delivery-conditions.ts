import type { DeliveryFilter } from './log-query.dto.js';
import { WhereClause } from './where-clause.js';

/**
 * @returns what holds for the rows of `deliveries d` that a filter names
 * @throws Problem 400 when `since` is after `until`
 */
export function deliveryConditions(filter: DeliveryFilter): WhereClause {
  return new WhereClause()
    .add('d.state = $', filter.state)
    .add('d.source_id = $', filter.source_id)
    .add('d.route_id = $', filter.route_id)
    .add('d.destination_id = $', filter.destination_id)
    .add('d.event_id = $', filter.event_id)
    .add('d.type = $', filter.type)
    .add('d.ticket_key = $ or d.ticket_number = $', filter.ticket)
    .add('d.reason = $', filter.reason)
    .period('d.id', filter.since, filter.until)
    .search(['d.topic', 'd.content', 'd.detail'], filter.q);
}
