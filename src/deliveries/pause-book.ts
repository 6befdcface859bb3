import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import type { ActiveDestination } from '../destinations/destination-directory.js';
import type { FoundReason, Pause } from '../destinations/pause.js';
import { settingsHash } from '../destinations/settings-hash.js';
import { listPauses } from '../destinations/sql/list-pauses.js';
import { removePause } from '../destinations/sql/remove-pause.js';
import { savePause } from '../destinations/sql/save-pause.js';

/** The channel of a pause that is for the whole destination. */
export const WHOLE = '';

/** After how long one message is tried to see whether the reason is gone. */
const PROBE_AFTER_MS: Readonly<Record<FoundReason, number>> = {
  auth: 300_000,
  not_found: 300_000,
  unreachable: 60_000,
};
const LONGEST_DETAIL = 500;

/** The pauses of one destination, as its owner keeps them: in memory and in the database, where people see them. */
export class PauseBook {
  private byChannel = new Map<string, Pause>();

  constructor(
    private readonly destinationId: string,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads them anew, and removes those that an admin or, unless an admin began them, a change of settings has ended.
   *
   * @returns whether there were any such: what waited may go
   */
  async load(destination: ActiveDestination): Promise<boolean> {
    const hash = settingsHash(destination);
    const pauses = await listPauses(this.db, [this.destinationId]);
    const hasOtherSettings = (pause: Pause): boolean => pause.reason !== 'paused' && pause.settings_hash !== hash;
    const ended = pauses.filter((pause) => pause.resumed_at !== null || hasOtherSettings(pause));
    this.byChannel = new Map(
      pauses.filter((pause) => !ended.includes(pause)).map((pause) => [keyOf(pause.channel), pause]),
    );
    for (const { channel } of ended) await removePause(this.db, this.destinationId, channel);
    return ended.length > 0;
  }

  get whole(): Pause | undefined {
    return this.byChannel.get(WHOLE);
  }

  /** Whether an admin wants everything to wait: what has been taken up and not begun, too. */
  get isByAdmin(): boolean {
    return this.whole?.reason === 'paused';
  }

  /** As they were written. */
  get channels(): string[] {
    return [...this.byChannel.values()].map(({ channel }) => channel).filter((channel) => channel !== WHOLE);
  }

  get isEmpty(): boolean {
    return this.byChannel.size === 0;
  }

  find(channel: string): Pause | undefined {
    return this.byChannel.get(keyOf(channel));
  }

  /** @returns a pause whose reason is to be looked at again; never an admin's */
  get toProbe(): Pause | undefined {
    const now = this.clock.now();
    const due = (pause: Pause): boolean => pause.next_probe_at !== null && pause.next_probe_at <= now;
    // While the whole destination waits, its channels wait with it.
    if (this.whole) return due(this.whole) ? this.whole : undefined;
    return [...this.byChannel.values()].find(due);
  }

  /** @returns undefined where nothing is to be probed */
  get nextProbeAt(): Date | undefined {
    const pauses = this.whole ? [this.whole] : [...this.byChannel.values()];
    const times = pauses.map((pause) => pause.next_probe_at).filter((at) => at !== null);
    return times.sort((a, b) => a.getTime() - b.getTime())[0];
  }

  /** Begins a pause, or goes on with it; an admin's stays what it is. @param channel its name, or `WHOLE` */
  async begin(channel: string, reason: FoundReason, detail: string, destination: ActiveDestination): Promise<void> {
    const known = this.find(channel);
    if (known?.reason === reason || known?.reason === 'paused') return;
    const now = this.clock.now();
    const pause = {
      destination_id: this.destinationId,
      channel: known?.channel ?? channel,
      reason,
      detail: detail.slice(0, LONGEST_DETAIL).toWellFormed(),
      settings_hash: settingsHash(destination),
      since: now,
      next_probe_at: new Date(now.getTime() + PROBE_AFTER_MS[reason]),
      resumed_at: null,
    };
    this.byChannel.set(keyOf(channel), pause);
    await savePause(this.db, pause);
  }

  /** A probe is about to be made. */
  async probing(pause: Pause): Promise<void> {
    if (pause.reason === 'paused') return;
    const next = { ...pause, next_probe_at: new Date(this.clock.now().getTime() + PROBE_AFTER_MS[pause.reason]) };
    this.byChannel.set(keyOf(pause.channel), next);
    await savePause(this.db, next);
  }

  /** Its reason is gone. @returns false where there is none to end, or an admin's, which has no reason that could go */
  async end(channel: string): Promise<boolean> {
    const pause = this.find(channel);
    if (!pause || pause.reason === 'paused') return false;
    this.byChannel.delete(keyOf(channel));
    await removePause(this.db, this.destinationId, pause.channel);
    return true;
  }
}

/** Zulip does not tell channels apart by case. */
function keyOf(channel: string): string {
  return channel.toLowerCase();
}
