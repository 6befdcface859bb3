import { Logger } from '@nestjs/common';
import type { Clock } from '../../clock/clock.js';
import type { Database } from '../../database/database.js';
import type { ActiveDestination } from '../../destinations/destination-directory.js';
import type { Notifier, TopicChange, TopicKeeper } from '../../notifiers/notifier.js';
import type { Pacer } from '../pacer.js';
import { noteDetail } from '../sql/note-detail.js';
import type { DueDelivery } from '../sql/take-due.js';
import { findUnresolvedTopics } from './sql/find-unresolved-topics.js';
import { isTopicShared } from './sql/is-topic-shared.js';
import { saveTopic } from './sql/save-topic.js';
import type { ThreadBook } from './thread-book.js';
import { type Topic, topicOf } from './topic.js';

/** How often a topic's present name is asked for at most. */
const ASK_AFTER_MS = 60_000;
/** A bot that may not read is asked again after this long: it may have been given another role. */
const ASK_AGAIN_AFTER_MS = 3_600_000;
/** Asking is a courtesy: it holds a message up for no longer than this. */
const ASK_LIMIT_MS = 3_000;
/** Whoever was refused to rename a topic is refused for a while. */
const REFUSED_FOR_MS = 3_600_000;
/** Resolving is tried again once, where that may help; never for ever. */
const TRIES = 2;

/** Follows topics that people rename, resolves those of closed tickets, reopens them. Whatever fails blocks nothing. */
export class TopicSteward {
  private readonly logger = new Logger('topics');
  private mayNotReadUntil = new Date(0);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly pacer: Pacer,
    private readonly book: ThreadBook,
    private readonly timeLimitMs: number,
  ) {}

  /**
   * Before a message is sent to a topic.
   *
   * @param delivery the last that the message carries
   * @param inHurry messages wait for the account's rate: nothing is asked now
   * @returns the name by which the topic is to be written to
   */
  async nameFor(
    topic: Topic,
    delivery: DueDelivery,
    destination: ActiveDestination,
    notifier: Notifier,
    inHurry: boolean,
  ): Promise<string> {
    const keeper = notifier.topics;
    if (!keeper || topic.messageId === null) return topic.name;
    if (!inHurry) await this.follow(topic, topic.messageId, keeper, destination);
    const reopens = delivery.route_settings.resolve_on_close === true && !isClosed(delivery);
    if (reopens && keeper.isResolved(topic.name) && !this.isRefused(topic))
      await this.setResolved(topic, false, keeper, destination);
    return topic.name;
  }

  /** Whether the message just sent asks for its topic to be resolved. */
  async isToBeResolved(topic: Topic, delivery: DueDelivery, notifier: Notifier): Promise<boolean> {
    if (delivery.route_settings.resolve_on_close !== true || !isClosed(delivery)) return false;
    if (!notifier.topics || notifier.topics.isResolved(topic.name) || this.isRefused(topic)) return false;
    return !(await isTopicShared(this.db, topic.key, topic.name));
  }

  /** @param delivery that closed the ticket; if the topic cannot be resolved, its log says so */
  async resolve(
    topic: Topic,
    delivery: DueDelivery,
    destination: ActiveDestination,
    notifier: Notifier,
  ): Promise<void> {
    const failure = notifier.topics && (await this.setResolved(topic, true, notifier.topics, destination));
    if (failure) await noteDetail(this.db, delivery.id, `The topic could not be resolved: ${failure}`);
  }

  /** A message that was in doubt has turned out to stand in a topic. @param name the topic's when it was sent */
  async found(
    messageId: number,
    name: string,
    delivery: DueDelivery,
    destination: ActiveDestination,
    notifier: Notifier,
  ): Promise<void> {
    const channel = notifier.channelFor(delivery.route_settings, destination);
    const topic = await this.book.topicNamed(notifier.receiverOf(destination), channel, name);
    if (!topic) return;
    topic.messageId ??= messageId;
    if (await this.isToBeResolved(topic, delivery, notifier))
      await this.resolve(topic, delivery, destination, notifier);
  }

  /** What an owner before had begun and not ended. */
  async resolveLeftOvers(destination: ActiveDestination, notifier: Notifier): Promise<void> {
    if (!notifier.topics) return;
    for (const row of await findUnresolvedTopics(this.db, destination.id)) {
      await this.setResolved(topicOf(row), true, notifier.topics, destination);
    }
  }

  private async follow(
    topic: Topic,
    messageId: number,
    keeper: TopicKeeper,
    destination: ActiveDestination,
  ): Promise<void> {
    const now = this.clock.now();
    if (this.mayNotReadUntil > now || now.getTime() - topic.checkedAt.getTime() < ASK_AFTER_MS) return;
    // Whoever else writes to the topic meanwhile need not ask.
    topic.checkedAt = now;
    await this.pacer.pass();
    const finding = await keeper.find(messageId, destination, Math.min(ASK_LIMIT_MS, this.timeLimitMs));
    this.pacer.heard(finding);
    if (finding.outcome === 'found' && isElsewhere(topic, finding)) topic.messageId = null;
    else if (finding.outcome === 'found') topic.name = finding.topic;
    if (finding.outcome === 'gone') topic.messageId = null;
    if (finding.outcome === 'not_allowed') this.mayNotReadUntil = new Date(now.getTime() + ASK_AGAIN_AFTER_MS);
    await this.save(topic, null, false);
  }

  /** @returns why it could not be, in words; null when it is done */
  private async setResolved(
    topic: Topic,
    resolved: boolean,
    keeper: TopicKeeper,
    destination: ActiveDestination,
  ): Promise<string | null> {
    const change = await this.change(topic, resolved, keeper, destination);
    if (change?.outcome === 'done') topic.name = change.topic;
    else await this.learnName(topic, keeper, destination);
    if (change?.outcome === 'done' || keeper.isResolved(topic.name) === resolved) {
      await this.save(topic, null, true);
      return null;
    }
    topic.refusedUntil = new Date(this.clock.now().getTime() + REFUSED_FOR_MS);
    const failure = change ? [change.reason, change.response].filter(Boolean).join(': ') : 'it has no message';
    const facts = { destination: destination.name, topic: topic.name, failure };
    this.logger.warn(facts, resolved ? 'a topic could not be resolved' : 'a topic could not be reopened');
    await this.save(topic, failure, true);
    return failure;
  }

  /** What was not heard of may have been done, and a name that is not the present one begins another topic. */
  private async learnName(topic: Topic, keeper: TopicKeeper, destination: ActiveDestination): Promise<void> {
    if (topic.messageId === null) return;
    await this.pacer.pass();
    const finding = await keeper.find(topic.messageId, destination, Math.min(ASK_LIMIT_MS, this.timeLimitMs));
    this.pacer.heard(finding);
    if (finding.outcome === 'found' && !isElsewhere(topic, finding)) topic.name = finding.topic;
  }

  private isRefused({ refusedUntil }: Topic): boolean {
    return refusedUntil !== null && refusedUntil > this.clock.now();
  }

  private async change(
    topic: Topic,
    resolved: boolean,
    keeper: TopicKeeper,
    destination: ActiveDestination,
  ): Promise<TopicChange | undefined> {
    let change: TopicChange | undefined;
    if (topic.messageId === null) return change;
    for (let tries = 0; tries < TRIES; tries += 1) {
      await this.pacer.pass();
      change = await keeper.setResolved(topic.messageId, topic.name, resolved, destination, this.timeLimitMs);
      this.pacer.heard(change);
      if (change.outcome !== 'retry') break;
    }
    return change;
  }

  private save(topic: Topic, failure: string | null, isSettled: boolean): Promise<void> {
    return saveTopic(this.db, topic.key, { name: topic.name, checkedAt: topic.checkedAt, failure, isSettled });
  }
}

/** A topic that people moved to another channel is not followed there. A channel that is named by its id is not told apart. */
function isElsewhere({ key }: Topic, { channel }: { channel?: string }): boolean {
  return channel !== undefined && !/^\d+$/.test(key.channel) && channel.toLowerCase() !== key.channel;
}

function isClosed({ event }: DueDelivery): boolean {
  return event.ticket?.status?.normal === 'closed';
}
