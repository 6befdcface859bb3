import type { Queryable, Statement } from '../../database/database.js';
import type { Failing } from '../failing.js';

/* What is not disabled was disabled for no reason, whatever was once written. */
const FIND_FAILING: Statement = {
  name: 'find-failing',
  text: `
    select f.destination_id, f.since, f.warned_at,
           case when d.disabled_at is not null then f.disabled_because end as disabled_because
    from failing_destinations f
    join destinations d on d.id = f.destination_id
    where f.destination_id = any ($1::uuid[])`,
};

/** @returns those of the destinations at which nothing arrives */
export function findFailing(db: Queryable, destinationIds: readonly string[]): Promise<Failing[]> {
  return db.query<Failing>(FIND_FAILING, [destinationIds]);
}
