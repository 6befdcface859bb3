import type { Database, Statement } from '../../database/database.js';

const FIND_EQUAL_DOUBTS: Statement = {
  name: 'find-equal-doubts',
  text: `
    select distinct lower(d.topic) as topic
    from deliveries d
    where d.destination_id = $1 and d.state = 'pending' and d.tries > 0 and d.in_doubt
      and lower(d.channel) = lower($2) and d.content = $3 and d.id <> all ($4::uuid[])`,
};

/** @returns the topics, in lower case, of other deliveries in doubt that say the same in the same channel */
export async function findEqualDoubts(
  db: Database,
  destinationId: string,
  channel: string,
  content: string,
  except: readonly string[],
): Promise<Set<string>> {
  const rows = await db.query<{ topic: string }>(FIND_EQUAL_DOUBTS, [destinationId, channel, content, except]);
  return new Set(rows.map((row) => row.topic));
}
