import type { Queryable, Statement } from '../../database/database.js';

const FIND_ROUTES_TO: Statement = {
  name: 'find-routes-to',
  text: `
    select id, name
    from routes
    where destination_id = $1 and deleted_at is null
    order by position`,
};

/** @returns the routes that lead to a destination, disabled ones too */
export function findRoutesTo(db: Queryable, destinationId: string): Promise<{ id: string; name: string }[]> {
  return db.query(FIND_ROUTES_TO, [destinationId]);
}
