import type { Queryable, Statement } from '../../database/database.js';

/** A look at what a helpdesk sent, word for word. */
export interface RawRead {
  id: string;
  at: Date;
  eventId: string;
  keyId: string;
  /** Where the request came from, which can be erased; null where it is not known. */
  address: { id: string; value: string } | null;
}

const INSERT_RAW_READ: Statement = {
  name: 'insert-raw-read',
  text: `
    with person as (
      insert into change_people (id, value)
      select $5, $6
      where $5::uuid is not null
    )
    insert into raw_reads (id, at, event_id, key_id, address)
    values ($1, $2, $3, $4, $5)`,
};

export async function insertRawRead(db: Queryable, { id, at, eventId, keyId, address }: RawRead): Promise<void> {
  await db.query(INSERT_RAW_READ, [id, at, eventId, keyId, address?.id ?? null, address?.value ?? null]);
}
