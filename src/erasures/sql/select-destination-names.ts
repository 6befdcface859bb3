import type { Queryable, Statement } from '../../database/database.js';

export interface DestinationName {
  id: string;
  name: string;
  kind: string;
}

const SELECT_DESTINATION_NAMES: Statement = {
  name: 'select-destination-names',
  text: 'select id, name, kind from destinations where id = any ($1::uuid[]) order by name, id',
};

/** Deleted ones too. */
export function selectDestinationNames(db: Queryable, ids: readonly string[]): Promise<DestinationName[]> {
  return db.query<DestinationName>(SELECT_DESTINATION_NAMES, [ids]);
}
