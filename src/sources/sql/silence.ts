/** A source that was heard for less than this is not missed: nobody knows how it uses to speak. */
const HEARD_AT_LEAST = "interval '1 day'";
/** Nobody is told of less. */
const SHORTEST_SILENCE = "interval '1 day'";
/** Until it was heard for a week, it may have its first weekend before it. */
const WEEK = "interval '7 days'";
const SHORTEST_SILENCE_OF_NEW = "interval '3 days'";

/**
 * The rule by which a source has gone silent, in SQL over a row of `source_activity`: it was heard over at least a day,
 * and now nothing has come for more than twice its longest silence of the past weeks and for more than a day (three days
 * while it has been heard for less than a week).
 *
 * @param activity alias of the row
 * @param lastEventAt when it was heard last, which may be later than the row says
 * @param now SQL of the present time
 */
export function isSilent(activity: string, lastEventAt: string, now: string): string {
  const heardFor = `${lastEventAt} - ${activity}.watched_since`;
  return `(
    ${heardFor} >= ${HEARD_AT_LEAST}
    and ${now} - ${lastEventAt} > greatest(
      case when ${heardFor} >= ${WEEK} then ${SHORTEST_SILENCE} else ${SHORTEST_SILENCE_OF_NEW} end,
      2 * greatest(${activity}.longest_gap_seconds, ${activity}.previous_gap_seconds) * interval '1 second'
    )
  )`;
}
