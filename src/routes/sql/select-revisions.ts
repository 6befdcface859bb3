import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import type { PagePosition } from '../../http/page.js';
import type { RouteSnapshot } from '../route.entity.js';

interface RevisionFacts extends QueryResultRow {
  /** A bigint, in digits. */
  id: string;
  created_at: Date;
  /** When the next one began. */
  replaced_at: Date | null;
}

export interface RevisionSummaryRow extends RevisionFacts {
  /** How many. */
  routes: number;
}

export interface RevisionRow extends RevisionFacts {
  routes: RouteSnapshot[];
}

const FACTS = `
  r.id, r.created_at,
  (select later.created_at from route_revisions later where later.id > r.id order by later.id limit 1) as replaced_at`;

/** @param period of which revisions were in force in some instant: from `since` on, and before `until` */
export function selectRevisions(
  db: Queryable,
  period: { since?: string; until?: string },
  { direction, id, limit }: PagePosition,
): Promise<RevisionSummaryRow[]> {
  const isNext = direction === 'next';
  const text = `
    select *
    from (
      select ${FACTS}, jsonb_array_length(r.routes) as routes
      from route_revisions r
      where ($1::bigint is null or r.id ${isNext ? '<' : '>'} $1)
    ) revision
    where ($2::timestamptz is null or coalesce(replaced_at > $2, true)) and ($3::timestamptz is null or created_at < $3)
    order by id ${isNext ? 'desc' : 'asc'}
    limit $4`;
  const [since, until] = [period.since, period.until].map((time) => (time === undefined ? null : new Date(time)));
  return db.query<RevisionSummaryRow>({ text }, [id ?? null, since, until, limit]);
}

const SELECT_REVISION: Statement = {
  name: 'select-revision',
  text: `select ${FACTS}, r.routes from route_revisions r where r.id = $1`,
};

/** @param id in digits */
export async function selectRevision(db: Queryable, id: string): Promise<RevisionRow | undefined> {
  const [row] = await db.query<RevisionRow>(SELECT_REVISION, [id]);
  return row;
}
