import type { QueryResultRow } from 'pg';
import type { Queryable } from '../../database/database.js';
import { lowestId } from '../../database/partitions.js';
import type { PagePosition } from '../../http/page.js';
import type { SubjectKind } from '../change.js';
import type { ChangesQuery } from '../change.dto.js';

/** A change as it is stored, with the name that its key has now. */
export interface ChangeRow extends QueryResultRow {
  id: string;
  request_id: string;
  at: Date;
  via: 'api' | 'start' | 'command' | 'deskwire';
  key_id: string | null;
  key_name: string | null;
  address: string | null;
  action: string;
  subject_kind: SubjectKind;
  subject_id: string;
  subject_name: string;
  before: object | null;
  after: object | null;
}

const COLUMNS = `
  c.id, c.request_id, c.at, c.via, c.key_id, k.name as key_name, c.address, c.action, c.subject_kind, c.subject_id,
  c.subject_name, c.before, c.after`;

/** Each filter applies where it is given. */
const FILTERS = `
  ($1::text is null or c.subject_kind = $1) and ($2::uuid is null or c.subject_id = $2)
  and ($3::uuid is null or c.key_id = $3) and ($4::text is null or c.action = $4)
  and ($5::text is null or c.via = $5) and ($6::uuid is null or c.request_id = $6)
  and ($7::uuid is null or c.id >= $7) and ($8::uuid is null or c.id < $8)`;

export function selectChanges(db: Queryable, query: ChangesQuery, position: PagePosition): Promise<ChangeRow[]> {
  const isNext = position.direction === 'next';
  const text = `
    select ${COLUMNS}
    from changes c
    left join api_keys k on k.id = c.key_id
    where ${FILTERS} and ($9::uuid is null or c.id ${isNext ? '<' : '>'} $9)
    order by c.id ${isNext ? 'desc' : 'asc'}
    limit $10`;
  return db.query<ChangeRow>({ text }, [
    query.kind ?? null,
    query.subject_id ?? null,
    query.key_id ?? null,
    query.action ?? null,
    query.via ?? null,
    query.request_id ?? null,
    query.since === undefined ? null : lowestId(new Date(query.since)),
    query.until === undefined ? null : lowestId(new Date(query.until)),
    position.id ?? null,
    position.limit,
  ]);
}

export async function selectChange(db: Queryable, id: string): Promise<ChangeRow | undefined> {
  const text = `select ${COLUMNS} from changes c left join api_keys k on k.id = c.key_id where c.id = $1`;
  const [row] = await db.query<ChangeRow>({ name: 'select-change', text }, [id]);
  return row;
}
