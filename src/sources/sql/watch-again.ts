import type { EntityManager } from 'typeorm';

const WATCH_AGAIN = `
  update source_activity
  set watched_since = $2, warned_at = null
  where source_id = $1`;

/** Begins the watch of a source anew that could not speak until now; what is known of its habits stays. */
export async function watchAgain(db: Pick<EntityManager, 'query'>, sourceId: string, now: Date): Promise<void> {
  await db.query(WATCH_AGAIN, [sourceId, now]);
}
