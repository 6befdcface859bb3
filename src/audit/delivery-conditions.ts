import type { Facet } from './facet.js';
import { idsOfPeriod } from './id-range.js';
import type { DeliveryFilter } from './log-query.dto.js';
import { WhereClause } from './where-clause.js';

/** @returns what holds for the rows of `deliveries d` that a filter names, but for their time and their words */
export function deliveryFacets(filter: DeliveryFilter): Facet[] {
  return [
    { filter: 'state', condition: 'd.state = $', value: filter.state },
    { filter: 'source_id', condition: 'd.source_id = $', value: filter.source_id },
    { filter: 'route_id', condition: 'd.route_id = $', value: filter.route_id },
    { filter: 'destination_id', condition: 'd.destination_id = $', value: filter.destination_id },
    { filter: 'event_id', condition: 'd.event_id = $', value: filter.event_id },
    { filter: 'type', condition: 'd.type = $', value: filter.type },
    { filter: 'ticket', condition: 'd.ticket_key = $ or d.ticket_number = $', value: filter.ticket },
    { filter: 'reason', condition: 'd.reason = $', value: filter.reason },
  ];
}

/**
 * @returns all that holds for the rows of `deliveries d` that a filter names
 * @throws Problem 400 when `since` is after `until`
 */
export function deliveryConditions(filter: DeliveryFilter): WhereClause {
  const range = idsOfPeriod(filter.since, filter.until);
  const where = new WhereClause();
  const from = where.parameter(range.from);
  const before = where.parameter(range.before);
  where.require(`d.id >= ${from} and d.id < ${before}`);
  for (const { condition, value } of deliveryFacets(filter)) where.add(condition, value);
  if (filter.q === undefined) return where;
  return where.require(haveWords(`deskwire_question(${where.parameter(filter.q)})`, from, before));
}

/** Deliveries whose event, or whose own error, has the words; what has come lately is not in the index of words yet. */
function haveWords(question: string, from: string, before: string): string {
  const bounds = (row: string): string => `${row}.id >= ${from} and ${row}.id < ${before}`;
  return `d.id in (
    select w.id from delivery_words w where w.words @@ ${question} and ${bounds('w')}
    union all
    select x.id from deliveries x
    where x.detail is not null and deskwire_words(x.detail) @@ ${question} and ${bounds('x')}
    union all
    select x.id from deliveries x join events e on e.id = x.event_id
    where x.id >= (select id from log_marks where name = 'delivery_words')
      and deskwire_words(deskwire_event_text(e.event)) @@ ${question} and ${bounds('x')})`;
}
