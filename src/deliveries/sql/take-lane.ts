import type { Database, Statement } from '../../database/database.js';
import { DUE_DELIVERY, type DueDelivery } from './take-due.js';

const TAKE_LANE: Statement = {
  name: 'take-lane',
  text: `${DUE_DELIVERY}
    where d.destination_id = $1 and d.lane = $2 and d.state = 'pending' and d.sequence > $3
    order by d.sequence
    limit $4`,
};

/** @returns what stands in a lane behind one of its deliveries, in order of acceptance */
export function takeLane(
  db: Database,
  destinationId: string,
  lane: string,
  afterSequence: string,
  limit: number,
): Promise<DueDelivery[]> {
  return db.query<DueDelivery>(TAKE_LANE, [destinationId, lane, afterSequence, limit]);
}
