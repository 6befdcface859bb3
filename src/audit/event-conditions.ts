import type { EventFilter } from './log-query.dto.js';
import { WhereClause } from './where-clause.js';

/**
 * @returns what holds for the rows of `events e` that a filter names
 * @throws Problem 400 when `since` is after `until`
 */
export function eventConditions(filter: EventFilter): WhereClause {
  return new WhereClause()
    .add('e.source_id = $', filter.source_id)
    .add('e.type = $', filter.type)
    .add('e.native_type = $', filter.native_type)
    .add('e.outcome = $', filter.outcome)
    .add('e.ticket_key = $ or e.ticket_number = $', filter.ticket)
    .period('e.id', filter.since, filter.until)
    .search(['e.event::text', 'e.detail'], filter.q);
}
