import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../../clock/clock.js';
import type { Database } from '../../database/database.js';
import type { ActiveDestination } from '../../destinations/destination-directory.js';
import type { ComposedMessage, Notifier, SkipReason } from '../../notifiers/notifier.js';
import type { NewThread } from '../sql/begin-attempts.js';
import type { DueDelivery } from '../sql/take-due.js';
import { findThreads, type ThreadKey } from './sql/find-threads.js';
import { findTopicByName } from './sql/find-topic-by-name.js';
import { findTopics, type TopicKey } from './sql/find-topics.js';
import { newTopic, type Topic, topicOf } from './topic.js';

const TEMPLATE_HASH_LENGTH = 16;
/** Messages rendered before other work of the process gets its turn. */
const RENDERED_AT_ONCE = 16;

/** Why a delivery ends without an attempt. */
export interface Unsent {
  kind: 'unsent';
  state: 'skipped' | 'dead';
  reason: SkipReason | 'render_failed';
  detail: string | null;
}

/** A delivery, rendered. */
export interface Prepared {
  readonly delivery: DueDelivery;
  readonly composition: { kind: 'message'; message: ComposedMessage } | Unsent;
  /** Channel and topic in lower case: what goes to the same place may travel together. */
  readonly place: string;
  /** Of tickets, where the receiver has topics. */
  readonly topic: Topic | null;
  /** What is to be saved with the first message of a thread. */
  readonly newThread: NewThread | null;
}

interface KnownThread {
  topic: string;
  isKept: boolean;
}

/** A delivery on its way to being prepared. */
interface Item {
  delivery: DueDelivery;
  /** Of tickets, where the receiver has topics. */
  thread: (ThreadKey & { name: string }) | undefined;
  composition: Prepared['composition'];
}

/** Renders deliveries, and knows the threads and topics of the tickets in hand. One destination's alone. */
export class ThreadBook {
  private readonly threads = new Map<string, KnownThread>();
  private readonly topics = new Map<string, Topic>();
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Tickets remembered. */
  get size(): number {
    return this.threads.size;
  }

  /** Forgets everything, while nothing is in hand: it is read again when it is needed. */
  clear(): void {
    this.threads.clear();
    this.topics.clear();
  }

  /**
   * One call after the other, so that what one has chosen for a ticket, the next one knows.
   *
   * @param due in order of acceptance
   */
  prepare(due: readonly DueDelivery[], destination: ActiveDestination, notifier: Notifier): Promise<Prepared[]> {
    const turn = this.lastTurn.then(() => this.prepareInTurn(due, destination, notifier));
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  private async prepareInTurn(
    due: readonly DueDelivery[],
    destination: ActiveDestination,
    notifier: Notifier,
  ): Promise<Prepared[]> {
    const threads = due.map((delivery) => threadOf(delivery, destination, notifier));
    await this.readThreads(destination.id, threads);
    const items: Item[] = [];
    for (const [index, delivery] of due.entries()) {
      if (index > 0 && index % RENDERED_AT_ONCE === 0) await breathe();
      const thread = threads[index];
      items.push({ delivery, thread, composition: this.render(delivery, thread, destination, notifier) });
    }
    const receiver = notifier.receiverOf(destination);
    await this.readTopics(items, receiver);
    return items.map((item) => this.place(item, receiver));
  }

  /** The first message of a thread has begun: what it chose is on record. */
  kept({ newThread, topic }: Prepared): void {
    if (!newThread) return;
    const known = this.threads.get(threadName(newThread));
    if (known) known.isKept = true;
    if (topic) topic.isKept = true;
  }

  /** @returns the topic that is called so now */
  async topicNamed(receiver: string, channel: string, name: string): Promise<Topic | undefined> {
    const isIt = ({ key, name: known }: Topic): boolean =>
      key.receiver === receiver && key.channel === channel.toLowerCase() && known.toLowerCase() === name.toLowerCase();
    const known = [...this.topics.values()].find(isIt);
    if (known) return known;
    const row = await findTopicByName(this.db, receiver, channel.toLowerCase(), name);
    if (!row) return undefined;
    const topic = this.topics.get(topicName(row)) ?? topicOf(row);
    this.topics.set(topicName(row), topic);
    return topic;
  }

  private async readThreads(destinationId: string, threads: readonly Item['thread'][]): Promise<void> {
    const unknown = new Map<string, ThreadKey>();
    for (const thread of threads) if (thread && !this.threads.has(thread.name)) unknown.set(thread.name, thread);
    if (unknown.size === 0) return;
    for (const found of await findThreads(this.db, destinationId, [...unknown.values()])) {
      this.threads.set(threadName(found), { topic: found.topic, isKept: true });
    }
  }

  private render(
    delivery: DueDelivery,
    thread: Item['thread'],
    destination: ActiveDestination,
    notifier: Notifier,
  ): Item['composition'] {
    const known = thread && this.threads.get(thread.name);
    const input = { event: delivery.event, route: delivery.route_settings, destination };
    try {
      const composition = notifier.compose({ ...input, ...(known && { threadTopic: known.topic }) });
      if (composition.kind === 'nothing') return unsent('skipped', composition.reason, null);
      // Later deliveries of the ticket, rendered in the same go, follow the first.
      if (thread && !known) this.threads.set(thread.name, { topic: composition.message.topic, isKept: false });
      return composition;
    } catch (error) {
      // Rendering is pure: what fails once fails always. The delivery is dead, its lane goes on.
      return unsent('dead', 'render_failed', error instanceof Error ? error.message : String(error));
    }
  }

  private async readTopics(items: readonly Item[], receiver: string): Promise<void> {
    const unknown = new Map<string, { key: TopicKey; name: string }>();
    for (const { thread, composition } of items) {
      if (composition.kind !== 'message' || !thread) continue;
      const key = topicKeyOf(composition.message, receiver);
      if (!this.topics.has(topicName(key))) unknown.set(topicName(key), { key, name: composition.message.topic });
    }
    if (unknown.size === 0) return;
    const keys = [...unknown.values()].map(({ key }) => key);
    for (const row of await findTopics(this.db, keys)) this.topics.set(topicName(row), topicOf(row));
    const now = this.clock.now();
    for (const [name, { key, name: topic }] of unknown) {
      if (!this.topics.has(name)) this.topics.set(name, newTopic(key, topic, now));
    }
  }

  private place({ delivery, thread, composition }: Item, receiver: string): Prepared {
    if (composition.kind !== 'message') return { delivery, composition, place: '', topic: null, newThread: null };
    const { message } = composition;
    const key = topicKeyOf(message, receiver);
    const place = JSON.stringify([key.channel, key.topic]);
    const topic = thread && this.topics.get(topicName(key));
    if (!thread || !topic) return { delivery, composition, place, topic: null, newThread: null };
    const isKept = topic.isKept && this.threads.get(thread.name)?.isKept === true;
    const { channel, source_id, ticket_key, template } = thread;
    const newThread = {
      channel,
      source_id,
      ticket_key,
      template,
      topic: message.topic,
      receiver,
      topic_key: key.topic,
    };
    return { delivery, composition, place, topic, newThread: isKept ? null : newThread };
  }
}

function unsent(state: Unsent['state'], reason: Unsent['reason'], detail: string | null): Unsent {
  return { kind: 'unsent', state, reason, detail };
}

function threadOf(delivery: DueDelivery, destination: ActiveDestination, notifier: Notifier): Item['thread'] {
  if (delivery.ticket_key === null || !notifier.topics) return undefined;
  const template = delivery.route_settings.topic ?? '';
  const key: ThreadKey = {
    channel: notifier.channelFor(delivery.route_settings, destination).toLowerCase(),
    source_id: delivery.source_id,
    ticket_key: delivery.ticket_key,
    template: template === '' ? '' : createHash('sha256').update(template).digest('hex').slice(0, TEMPLATE_HASH_LENGTH),
  };
  return { ...key, name: threadName(key) };
}

function threadName({ channel, source_id, ticket_key, template }: ThreadKey): string {
  return JSON.stringify([channel, source_id, ticket_key, template]);
}

function topicKeyOf({ channel, topic }: ComposedMessage, receiver: string): TopicKey {
  return { receiver, channel: channel.toLowerCase(), topic: topic.toLowerCase() };
}

function topicName({ receiver, channel, topic }: TopicKey): string {
  return JSON.stringify([receiver, channel, topic]);
}
