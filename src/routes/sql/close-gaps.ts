import type { EntityManager } from 'typeorm';

/* However many are gone: every one that is left is moved once. */
const CLOSE_GAPS = `
  update routes
  set position = dense.position, version = version + 1
  from (
    select id, row_number() over (order by position)::integer as position
    from routes
    where deleted_at is null
  ) as dense
  where routes.id = dense.id and routes.position <> dense.position`;

/** Moves up what stands below routes that are gone: positions are 1, 2, 3 again. */
export async function closeGaps(db: Pick<EntityManager, 'query'>): Promise<void> {
  await db.query(CLOSE_GAPS);
}
