import type { Queryable, Statement } from '../../database/database.js';

const SELECT_RAW_BODY: Statement = { name: 'select-raw-body', text: 'select raw_body from events where id = $1' };

/** One at a time: a body may be as large as `BODY_LIMIT`. @returns null where it is not kept */
export async function selectRawBody(db: Queryable, id: string): Promise<Buffer | null> {
  const [row] = await db.query<{ raw_body: Buffer | null }>(SELECT_RAW_BODY, [id]);
  return row?.raw_body ?? null;
}
