import type { Queryable, Statement } from '../../database/database.js';
import { newestEvent } from './newest-event.js';
import { isSilent } from './silence.js';

/*
 * One statement a round. A silence ends with an event, and is measured then; so is the end of a period of 14 days, so that a
 * source which speaks once a month is not forgotten in between. Silence while a source was disabled is not counted.
 */
const UPDATE_ACTIVITY: Statement = {
  name: 'update-source-activity',
  text: `
    with known as (
      select source.id, source.name, activity.last_event_at as heard_before, activity.watched_since,
             activity.longest_gap_seconds, activity.previous_gap_seconds, activity.period_began_at, activity.warned_at,
             greatest(activity.last_event_at, newest.received_at) as last_event_at
      from sources source
      left join source_activity activity on activity.source_id = source.id
      left join lateral (${newestEvent('source')}) newest on true
      where source.deleted_at is null and source.disabled_at is null
    ), heard as (
      select *,
             heard_before is not null and last_event_at > heard_before as speaks,
             greatest(0, extract(epoch from last_event_at - greatest(heard_before, watched_since))) as gap_seconds,
             last_event_at >= period_began_at + interval '14 days' as ends_period
      from known
      where last_event_at is not null
    ), judged as (
      select id, name, heard_before, last_event_at, speaks, warned_at as warned_before,
             coalesce(watched_since, last_event_at) as watched_since,
             case when speaks and ends_period then gap_seconds
                  when speaks then greatest(longest_gap_seconds, gap_seconds)
                  else coalesce(longest_gap_seconds, 0) end as longest_gap_seconds,
             case when speaks and ends_period then longest_gap_seconds
                  else coalesce(previous_gap_seconds, 0) end as previous_gap_seconds,
             case when speaks and ends_period then last_event_at
                  else coalesce(period_began_at, last_event_at) end as period_began_at,
             case when speaks then null
                  when ${isSilent('heard', 'heard.last_event_at', '$1::timestamptz')} then coalesce(warned_at, $1)
                  else warned_at end as warned_at
      from heard
    ), changed as (
      select *
      from judged
      where heard_before is null or speaks or warned_at is distinct from warned_before
    ), written as (
      insert into source_activity (source_id, last_event_at, watched_since, longest_gap_seconds, previous_gap_seconds,
                                   period_began_at, warned_at)
      select id, last_event_at, watched_since, longest_gap_seconds, previous_gap_seconds, period_began_at, warned_at
      from changed
      on conflict (source_id) do update
      set last_event_at = excluded.last_event_at,
          longest_gap_seconds = excluded.longest_gap_seconds,
          previous_gap_seconds = excluded.previous_gap_seconds,
          period_began_at = excluded.period_began_at,
          warned_at = excluded.warned_at
    )
    select id, name, last_event_at, warned_at is not null as is_silent
    from changed
    where warned_at is distinct from warned_before
    order by id`,
};

/** A source that has gone silent, or speaks again. */
export interface SpeechChange {
  id: string;
  name: string;
  last_event_at: Date;
  is_silent: boolean;
}

/** Notes what sources have said since the last time. @returns those that have gone silent since, or speak again */
export function updateActivity(db: Queryable, now: Date): Promise<SpeechChange[]> {
  return db.query<{ id: string; name: string; last_event_at: Date; is_silent: boolean }>(UPDATE_ACTIVITY, [now]);
}
