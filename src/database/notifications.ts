import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Bell } from './bell.js';
import { ListeningConnection } from './listening-connection.js';

/** The migrations' triggers name here the table of every change of sources, destinations, route_revisions and pauses. */
export const CHANGES_CHANNEL = 'deskwire_changes';

/** Longer names are cut by `listen` and refused by `pg_notify`: NAMEDATALEN is 64. */
const CHANNEL_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** What a test may shorten. Real time, not `Clock`'s: it is about sockets, which no fake clock moves. */
export interface NotificationTimes {
  /** How often a connection that says nothing is asked whether it still stands. */
  lookEveryMs: number;
  answerMs: number;
  firstRetryMs: number;
  longestRetryMs: number;
}

const TIMES: NotificationTimes = { lookEveryMs: 20_000, answerMs: 5_000, firstRetryMs: 100, longestRetryMs: 5_000 };

/**
 * What other processes announce by `notify`: one connection a process, made again whenever it is lost. Nothing that was
 * announced while it was away is heard later: whoever listens also looks for itself when told by `onReconnect`.
 */
@Injectable()
export class Notifications {
  private readonly logger = new Logger('notifications');
  private readonly subscribers = new Map<string, ((payload: string) => void)[]>();
  private readonly reconnectActions: (() => void)[] = [];
  private readonly stopping = new AbortController();
  /** Rings when the connection has ended or has more to listen to. */
  private readonly bell = new Bell();
  private connection: ListeningConnection | undefined;
  private running: Promise<void> | undefined;
  private lost = false;
  private connected = false;

  /** @param url past any transaction pooler: behind one, `listen` hears nothing */
  constructor(
    private readonly url: string,
    private readonly times = TIMES,
  ) {}

  /** Before `start` or after it; from the next `onReconnect` on, nothing is missed. */
  listen(channel: string, onMessage: (payload: string) => void): void {
    if (!CHANNEL_NAME.test(channel)) throw new Error(`Not a channel's name: ${channel}`);
    const known = this.subscribers.get(channel);
    if (known) known.push(onMessage);
    else {
      this.subscribers.set(channel, [onMessage]);
      this.bell.ring();
    }
  }

  /** Calls `action` whenever something may have been missed: the first time, after each loss, and for a new channel. */
  onReconnect(action: () => void): void {
    this.reconnectActions.push(action);
  }

  /** Resolves after the first try, which may have failed: it goes on trying until it is stopped. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isStopped() || this.running) resolve();
      else this.running = this.keepListening(resolve);
    });
  }

  /** Whether others are heard now. */
  get isConnected(): boolean {
    return this.connected;
  }

  /** In any state, also again; nobody is told anything afterwards. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    await this.connection?.close();
    await this.running;
  }

  private async keepListening(tried: () => void): Promise<void> {
    const { firstRetryMs, longestRetryMs } = this.times;
    for (let wait = firstRetryMs; !this.isStopped(); wait = Math.min(wait * 2, longestRetryMs)) {
      const began = performance.now();
      try {
        await this.listenOnce(tried);
      } catch (error) {
        this.logLoss(error);
      }
      tried();
      // One that is lost as soon as it stands waits as long as one that cannot be had.
      if (performance.now() - began > 2 * longestRetryMs) wait = firstRetryMs;
      await sleep(wait, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  /** @throws why the connection was lost, or could not be had */
  private async listenOnce(stands: () => void): Promise<void> {
    const connection = new ListeningConnection(this.url, this.times.answerMs, {
      onMessage: (channel, payload) => {
        for (const subscriber of this.subscribers.get(channel) ?? []) void this.tell(subscriber, payload);
      },
      onEnd: () => {
        this.bell.ring();
      },
    });
    this.connection = connection;
    try {
      await connection.open();
      await this.hold(connection, stands);
    } finally {
      this.connected = false;
      await connection.close();
    }
  }

  private async hold(connection: ListeningConnection, stands: () => void): Promise<void> {
    const heard = new Set<string>();
    for (let first = true; !this.isStopped(); first = false) {
      const added = [...this.subscribers.keys()].filter((channel) => !heard.has(channel));
      await (added.length > 0 ? connection.listen(added) : connection.look());
      for (const channel of added) heard.add(channel);
      this.connected = true;
      if (first) this.logReturn();
      if (first || added.length > 0) for (const action of this.reconnectActions) void this.tell(action, undefined);
      stands();
      await this.bell.wait(this.times.lookEveryMs);
    }
  }

  /** Takes whatever subscribers throw, at once or later. */
  private async tell<Word>(subscriber: (word: Word) => unknown, word: Word): Promise<void> {
    if (this.isStopped()) return;
    try {
      await subscriber(word);
    } catch (error) {
      this.logger.error({ err: error }, 'a notification could not be followed');
    }
  }

  /** A method, since the compiler takes a field after a wait for what it was before. */
  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private logLoss(error: unknown): void {
    if (!this.lost && !this.isStopped())
      this.logger.warn({ err: error }, 'the connection that hears other processes is lost; it is tried again');
    this.lost = true;
  }

  private logReturn(): void {
    if (this.lost) this.logger.log('other processes are heard again');
    this.lost = false;
  }
}
