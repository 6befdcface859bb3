import type { QueryResultRow } from 'pg';
import type { Queryable } from '../../database/database.js';
import { lowestId } from '../../database/partitions.js';
import type { PagePosition } from '../../http/page.js';
import type { RawReadsQuery } from '../raw-read.dto.js';

/** A look as it is stored, with the name that its key has now. */
export interface RawReadRow extends QueryResultRow {
  id: string;
  at: Date;
  event_id: string;
  key_id: string;
  key_name: string;
  address: string | null;
}

/** Each filter applies where it is given. */
const FILTERS = `
  ($1::uuid is null or r.event_id = $1) and ($2::uuid is null or r.key_id = $2)
  and ($3::uuid is null or r.id >= $3) and ($4::uuid is null or r.id < $4)`;

export function selectRawReads(db: Queryable, query: RawReadsQuery, position: PagePosition): Promise<RawReadRow[]> {
  const isNext = position.direction === 'next';
  const text = `
    select r.id, r.at, r.event_id, r.key_id, k.name as key_name, r.address
    from raw_reads r
    join api_keys k on k.id = r.key_id
    where ${FILTERS} and ($5::uuid is null or r.id ${isNext ? '<' : '>'} $5)
    order by r.id ${isNext ? 'desc' : 'asc'}
    limit $6`;
  return db.query<RawReadRow>({ text }, [
    query.event_id ?? null,
    query.key_id ?? null,
    query.since === undefined ? null : lowestId(new Date(query.since)),
    query.until === undefined ? null : lowestId(new Date(query.until)),
    position.id ?? null,
    position.limit,
  ]);
}
