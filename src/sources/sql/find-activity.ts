import type { EntityManager } from 'typeorm';
import { newestEvent } from './newest-event.js';
import { isSilent } from './silence.js';

/** What retention dropped of the log, the watch still knows. A source that is disabled is silent by will. */
const FIND_ACTIVITY = `
  select source.id,
         heard.last_event_at,
         case when source.disabled_at is null and ${isSilent('known', 'heard.last_event_at', '$2::timestamptz')}
              then heard.last_event_at end as silent_since
  from sources source
  left join source_activity known on known.source_id = source.id
  left join lateral (${newestEvent('source')}) newest on true
  cross join lateral (select greatest(known.last_event_at, newest.received_at) as last_event_at) heard
  where source.id = any ($1::uuid[])`;

/** When a source was heard. */
export interface SourceActivity {
  id: string;
  last_event_at: Date | null;
  silent_since: Date | null;
}

/** @returns one a source, in no order */
export function findActivity(
  db: Pick<EntityManager, 'query'>,
  sourceIds: readonly string[],
  now: Date,
): Promise<SourceActivity[]> {
  return db.query(FIND_ACTIVITY, [sourceIds, now]);
}
