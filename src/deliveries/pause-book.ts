import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import type { ActiveDestination } from '../destinations/destination-directory.js';
import type { Pause, PauseReason } from '../destinations/pause.js';
import { listPauses } from '../destinations/sql/list-pauses.js';
import { removePause } from '../destinations/sql/remove-pause.js';
import { savePause } from '../destinations/sql/save-pause.js';

/** The channel of a pause that is for the whole destination. */
export const WHOLE = '';

/** After how long one message is tried to see whether the reason is gone. */
const PROBE_AFTER_MS: Readonly<Record<PauseReason, number>> = {
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
   * Reads them anew, and removes those that an admin or a change of settings has ended.
   *
   * @returns whether there were any such: what waited may go
   */
  async load(destination: ActiveDestination): Promise<boolean> {
    const hash = settingsHash(destination);
    const pauses = await listPauses(this.db, [this.destinationId]);
    const ended = pauses.filter((pause) => pause.resumed_at !== null || pause.settings_hash !== hash);
    this.byChannel = new Map(
      pauses.filter((pause) => !ended.includes(pause)).map((pause) => [keyOf(pause.channel), pause]),
    );
    for (const { channel } of ended) await removePause(this.db, this.destinationId, channel);
    return ended.length > 0;
  }

  get whole(): Pause | undefined {
    return this.byChannel.get(WHOLE);
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

  /** @returns a pause whose reason is to be looked at again */
  get toProbe(): Pause | undefined {
    const now = this.clock.now();
    const due = (pause: Pause): boolean => pause.next_probe_at <= now;
    // While the whole destination waits, its channels wait with it.
    if (this.whole) return due(this.whole) ? this.whole : undefined;
    return [...this.byChannel.values()].find(due);
  }

  get nextProbeAt(): Date | undefined {
    const pauses = this.whole ? [this.whole] : [...this.byChannel.values()];
    return pauses.map((pause) => pause.next_probe_at).sort((a, b) => a.getTime() - b.getTime())[0];
  }

  /** Begins a pause, or goes on with it. @param channel its name, or `WHOLE` */
  async begin(channel: string, reason: PauseReason, detail: string, destination: ActiveDestination): Promise<void> {
    const known = this.find(channel);
    if (known?.reason === reason) return;
    const now = this.clock.now();
    const pause: Pause = {
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
    const next = { ...pause, next_probe_at: new Date(this.clock.now().getTime() + PROBE_AFTER_MS[pause.reason]) };
    this.byChannel.set(keyOf(pause.channel), next);
    await savePause(this.db, next);
  }

  async end(channel: string): Promise<void> {
    const pause = this.find(channel);
    if (!pause) return;
    this.byChannel.delete(keyOf(channel));
    await removePause(this.db, this.destinationId, pause.channel);
  }
}

/** Zulip does not tell channels apart by case. */
function keyOf(channel: string): string {
  return channel.toLowerCase();
}

function settingsHash({ settings, secrets }: ActiveDestination): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, secrets]))
    .digest('hex')
    .slice(0, 32);
}
