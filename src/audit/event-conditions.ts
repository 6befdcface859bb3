import type { Facet } from './facet.js';
import { idsOfPeriod } from './id-range.js';
import type { EventFilter } from './log-query.dto.js';
import { WhereClause } from './where-clause.js';

/** @returns what holds for the rows of `events e` that a filter names, but for their time and their words */
export function eventFacets(filter: EventFilter): Facet[] {
  return [
    { filter: 'source_id', condition: 'e.source_id = $', value: filter.source_id },
    { filter: 'type', condition: 'e.type = $', value: filter.type },
    { filter: 'native_type', condition: 'e.native_type = $', value: filter.native_type },
    { filter: 'outcome', condition: 'e.outcome = $', value: filter.outcome },
    { filter: 'matched', condition: 'e.matched = $', value: filter.matched },
    { filter: 'ticket', condition: 'e.ticket_key = $ or e.ticket_number = $', value: filter.ticket },
  ];
}

/**
 * @returns all that holds for the rows of `events e` that a filter names
 * @throws Problem 400 when `since` is after `until`
 */
export function eventConditions(filter: EventFilter): WhereClause {
  const range = idsOfPeriod(filter.since, filter.until);
  const where = new WhereClause();
  const from = where.parameter(range.from);
  const before = where.parameter(range.before);
  where.require(`e.id >= ${from} and e.id < ${before}`);
  for (const { condition, value } of eventFacets(filter)) where.add(condition, value);
  if (filter.q === undefined) return where;
  return where.require(haveWords(`deskwire_question(${where.parameter(filter.q)})`, from, before));
}

/** Events that have the words, their error included; what has come lately is not in the index of words yet. */
function haveWords(question: string, from: string, before: string): string {
  const bounds = (row: string): string => `${row}.id >= ${from} and ${row}.id < ${before}`;
  return `e.id in (
    select w.id from event_words w where w.words @@ ${question} and ${bounds('w')}
    union all
    select x.id from events x
    where x.id >= (select id from log_marks where name = 'event_words')
      and deskwire_words(concat_ws(' ', deskwire_event_text(x.event), x.detail)) @@ ${question} and ${bounds('x')})`;
}
