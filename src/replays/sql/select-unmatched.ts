import type { QueryResultRow } from 'pg';
import { eventConditions } from '../../audit/event-conditions.js';
import type { EventFilter } from '../../audit/log-query.dto.js';
import type { Queryable } from '../../database/database.js';

interface FoundUnmatched extends QueryResultRow {
  id: string;
  is_gone: boolean;
}

/**
 * @returns at most `most` accepted events that a filter names and nothing took, in the order in which they came
 * @throws Problem 400 when `since` is after `until`
 */
export function selectUnmatched(db: Queryable, filter: EventFilter, most: number): Promise<FoundUnmatched[]> {
  const where = eventConditions({ ...filter, outcome: 'accepted', matched: false });
  const text = `
    select e.id, e.is_gone
    from (
      select e.id, e.event is null as is_gone
      from events e
      where ${where.sql}
      limit ${most}
    ) e
    order by e.id`;
  return db.query<FoundUnmatched>({ text }, where.values);
}
