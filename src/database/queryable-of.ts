import type { EntityManager } from 'typeorm';
import type { QueryResultRow } from 'pg';
import type { Queryable } from './database.js';

/** @returns what runs the named statements of the hot paths in a transaction of TypeORM's, beside what that does itself */
export function queryableOf(manager: EntityManager): Queryable {
  return {
    async query<Row extends QueryResultRow>({ text }: { text: string }, values: unknown[]): Promise<Row[]> {
      const result: unknown = await manager.query(text, values);
      // Of what changes or deletes rows TypeORM answers with these and their number.
      const isCounted = Array.isArray(result) && Array.isArray(result[0]) && typeof result[1] === 'number';
      return (isCounted ? result[0] : result) as Row[];
    },
  };
}
