import type { Database, Statement } from '../../database/database.js';
import { DUE_DELIVERY, type DueDelivery } from './take-due.js';

const TAKE_LANE: Statement = {
  name: 'take-lane',
  text: `${DUE_DELIVERY}
    where d.destination_id = $1 and d.lane = $2 and d.state = 'pending'
    order by d.sequence
    limit $3`,
};

/** @returns the first deliveries of a lane that waits for nothing but its turn, in order of acceptance */
export function takeLane(db: Database, destinationId: string, lane: string, limit: number): Promise<DueDelivery[]> {
  return db.query<DueDelivery>(TAKE_LANE, [destinationId, lane, limit]);
}
