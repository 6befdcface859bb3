import type { Environment } from '../config/environment.js';

/** For how many whole days each part of the log is kept; undefined = for ever. */
export interface RetentionDays {
  events: number | undefined;
  deliveries: number | undefined;
  attempts: number | undefined;
  /** What a helpdesk sent, word for word; it goes with its event at the latest. */
  raw: number | undefined;
}

const DAY_MS = 86_400_000;

export function retentionDays(environment: Environment): RetentionDays {
  const all = environment.RETENTION_DAYS;
  return {
    events: environment.RETENTION_DAYS_EVENTS ?? all,
    deliveries: environment.RETENTION_DAYS_DELIVERIES ?? all,
    attempts: environment.RETENTION_DAYS_ATTEMPTS ?? all,
    raw: environment.RETENTION_DAYS_RAW,
  };
}

/** @returns the instant before which everything may go; undefined = nothing may */
export function cutOff(days: number | undefined, now: Date): Date | undefined {
  return days === undefined ? undefined : new Date(now.getTime() - days * DAY_MS);
}
