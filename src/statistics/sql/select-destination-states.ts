import type { Queryable, Statement } from '../../database/database.js';
import { boundToIndex, WAITING } from './select-backlog.js';

/** How a destination is; all subscribers together are one. */
export interface DestinationState {
  /** Null for the subscribers. */
  name: string | null;
  kind: string;
  /** How many of them are disabled. */
  disabled: number;
  pending: number;
  sending: number;
  oldest_pending_at: Date | null;
  /** How many pauses there are for each reason, of whole destinations and of channels. */
  pauses: Record<string, number> | null;
}

/* Subscribers are as many as callers of the ticket desk like, so they are counted together here and not by whoever asks. */
const SELECT_DESTINATION_STATES: Statement = {
  name: 'select-destination-states',
  text: `
    with waiting as (${WAITING}
    ), named as (
      select id, case when is_subscriber then null else name end as name, kind, disabled_at
      from destinations
      where deleted_at is null
    ), paused as (
      select name, kind, jsonb_object_agg(reason, count) as pauses
      from (
        select n.name, n.kind, p.reason, count(*)
        from pauses p
        join named n on n.id = p.destination_id
        where p.resumed_at is null
        group by 1, 2, 3
      ) by_reason
      group by name, kind
    ), counted as (
      select n.name, n.kind, count(*) filter (where n.disabled_at is not null)::float8 as disabled,
             coalesce(sum(w.pending), 0)::float8 as pending, coalesce(sum(w.sending), 0)::float8 as sending,
             min(w.oldest_pending_at) as oldest_pending_at
      from named n
      left join waiting w on w.destination_id = n.id
      group by n.name, n.kind
    )
    select c.*, p.pauses
    from counted c
    left join paused p on p.name is not distinct from c.name and p.kind = c.kind`,
};

/**
 * All destinations that there are. In a transaction of its own, which it bounds.
 *
 * @throws as `selectBacklog`
 */
export async function selectDestinationStates(db: Queryable): Promise<DestinationState[]> {
  await boundToIndex(db);
  return db.query<DestinationState>(SELECT_DESTINATION_STATES, []);
}
