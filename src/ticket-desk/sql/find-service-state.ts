import type { Queryable, Statement } from '../../database/database.js';

export interface ServiceStateRow {
  available: boolean;
  changed_at: Date;
}

const FIND_SERVICE_STATE: Statement = {
  name: 'find-service-state',
  text: 'select available, changed_at from service_states where source_id = $1',
};

/** @returns undefined where it was never said to be unavailable */
export async function findServiceState(db: Queryable, sourceId: string): Promise<ServiceStateRow | undefined> {
  const [row] = await db.query<ServiceStateRow>(FIND_SERVICE_STATE, [sourceId]);
  return row;
}
