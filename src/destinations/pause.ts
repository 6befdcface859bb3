/**
 * Why the engine lets deliveries wait although their time has come. `auth`: the receiver refuses the account. `not_found`: a
 * channel is missing. `unreachable`: the receiver is down.
 */
export type FoundReason = 'auth' | 'not_found' | 'unreachable';

/** `paused`: an admin wants it so. It is neither probed nor ended by other settings. */
export const PAUSE_REASONS = ['auth', 'not_found', 'unreachable', 'paused'] as const satisfies (
  FoundReason | 'paused'
)[];
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A destination that waits, or one channel of it. */
export interface Pause {
  destination_id: string;
  /** As a route or the destination writes it; empty = the whole destination. */
  channel: string;
  reason: PauseReason;
  /** What the receiver said, or the admin. */
  detail: string | null;
  /** Of the settings and secrets with which it began: other ones end it, unless an admin began it. */
  settings_hash: string;
  since: Date;
  /** Null = never: only an admin ends it. */
  next_probe_at: Date | null;
  /** When an admin ended it; whoever owns the destination has still to let go what waited. */
  resumed_at: Date | null;
}
