import type { Queryable, Statement } from '../../database/database.js';

/** What has not ended yet, of one destination. */
export interface BacklogRow {
  destination_id: string;
  name: string;
  pending: number;
  sending: number;
  oldest_pending_at: Date | null;
  /** Disabled, or paused as a whole. */
  is_held: boolean;
}

/** Longer than a backlog of millions takes. */
const LONGEST = '5s';

/*
 * For this transaction. Only the index of all that waits (deliveries_queue) is ever right: by statistics of a night on which
 * much waited, the planner might read a whole month instead.
 */
const ONLY_BY_INDEX: Statement = {
  name: 'only-by-index',
  text: `
    select set_config('enable_seqscan', 'off', true), set_config('statement_timeout', $1, true)`,
};

/**
 * What waits, by destination. The oldest by its time: the lowest sequence is not the oldest, since replays have higher ones
 * than all that comes after them. Every row that waits is looked at once anyway, to tell its state.
 */
export const WAITING = `
      select destination_id, count(*) filter (where state = 'pending') as pending,
             count(*) filter (where state = 'sending') as sending,
             min(created_at) filter (where state = 'pending') as oldest_pending_at
      from deliveries
      where state in ('pending', 'sending')
      group by destination_id`;

const SELECT_BACKLOG: Statement = {
  name: 'select-backlog',
  text: `
    select d.id as destination_id, d.name, b.pending::float8 as pending, b.sending::float8 as sending,
           b.oldest_pending_at,
           d.disabled_at is not null or exists (
             select from pauses p where p.destination_id = d.id and p.channel = '' and p.resumed_at is null
           ) as is_held
    from (${WAITING}
    ) b
    join destinations d on d.id = b.destination_id
    order by b.oldest_pending_at, d.id`,
};

/** For whoever reads what waits, before, in the same transaction. */
export async function boundToIndex(db: Queryable): Promise<void> {
  await db.query(ONLY_BY_INDEX, [LONGEST]);
}

/**
 * Those that anything waits for, the oldest first. In a transaction of its own, which it bounds.
 *
 * @throws DatabaseUnavailableError also when it takes longer than five seconds
 */
export async function selectBacklog(db: Queryable): Promise<BacklogRow[]> {
  await boundToIndex(db);
  return db.query<BacklogRow>(SELECT_BACKLOG, []);
}
