import type { QueryResultRow } from 'pg';
import { deliveryConditions } from '../../audit/delivery-conditions.js';
import type { DeliveryFilter } from '../../audit/log-query.dto.js';
import type { Queryable } from '../../database/database.js';

/**
 * @returns the ids of at most `most` waiting deliveries that a filter names
 * @throws Problem 400 when `since` is after `until`
 */
export async function selectPending(db: Queryable, filter: DeliveryFilter, most: number): Promise<string[]> {
  const where = deliveryConditions({ ...filter, state: 'pending' });
  const text = `
    select d.id
    from deliveries d
    where ${where.sql}
    limit ${most}`;
  const rows = await db.query<QueryResultRow & { id: string }>({ text }, where.values);
  return rows.map(({ id }) => id);
}
