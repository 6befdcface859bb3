/**
 * Why deliveries wait although their time has come. `auth`: the receiver refuses the account. `not_found`: a channel is
 * missing. `unreachable`: the receiver is down.
 */
export type PauseReason = 'auth' | 'not_found' | 'unreachable';

/** A destination that waits, or one channel of it. */
export interface Pause {
  destination_id: string;
  /** As a route or the destination writes it; empty = the whole destination. */
  channel: string;
  reason: PauseReason;
  /** What the receiver said. */
  detail: string | null;
  /** Of the settings and secrets with which it began: other ones end it. */
  settings_hash: string;
  since: Date;
  next_probe_at: Date;
  /** When an admin ended it; whoever owns the destination has still to let go what waited. */
  resumed_at: Date | null;
}
