/** Ids from one on, up to before another, and how many of them at most. */
export interface Stretch {
  from: string;
  before: string;
  limit: number;
}

/** How many rows there were, and the last one's id. */
export interface Followed {
  count: number;
  last: string | null;
}
