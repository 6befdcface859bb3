import type { Notifier, NotifierDestination } from '../../notifiers/notifier.js';
import type { Facts, Span, SpanStart, Tracer } from '../../telemetry/tracing/tracer.js';
import type { AttemptStart } from '../sql/begin-attempts.js';
import type { UnsentEnd } from '../sql/end-unsent.js';
import type { DueDelivery } from '../sql/take-due.js';
import { AttemptTrace, type TracedDelivery } from './attempt-trace.js';

const DELIVER = 'deliver';

/**
 * Traces what becomes of one destination's deliveries, each in the trace of the webhook that it came with, which is kept on
 * it; a replay in one of its own, with a link to that. What is not traced at intake is not traced here.
 */
export class DestinationTraces {
  private readonly facts: Facts;

  constructor(
    private readonly tracer: Tracer,
    { id }: NotifierDestination,
    kind: string,
  ) {
    this.facts = { 'deskwire.destination.id': id, 'deskwire.destination.kind': kind };
  }

  /**
   * Begins to trace a message that is about to be sent: where several deliveries travel in it, the first one's span stands
   * for the message, and the others' are linked with it.
   *
   * @param starts one for each of the deliveries
   * @param receiver the server that it is sent to
   * @returns undefined where none of them is traced
   */
  attempt(
    deliveries: readonly DueDelivery[],
    starts: readonly AttemptStart[],
    receiver: ReturnType<Notifier['receiverOf']>,
  ): AttemptTrace | undefined {
    const traced = deliveries.filter(({ traceparent }) => traceparent !== null);
    const count = deliveries.length > 1 ? { 'messaging.batch.message_count': deliveries.length } : {};
    let lead: Span | undefined;
    const spans = traced.flatMap((delivery): TracedDelivery[] => {
      const links = lead ? [lead.traceparent] : others(traced, delivery);
      const attemptId = starts.find(({ deliveryId }) => deliveryId === delivery.id)?.id;
      const facts = { ...count, 'deskwire.attempt.id': attemptId, 'deskwire.attempt.number': delivery.tries + 1 };
      const span = this.begin(DELIVER, delivery, 'consumer', facts, links);
      lead ??= span;
      return span ? [{ deliveryId: delivery.id, span }] : [];
    });
    return lead && new AttemptTrace(lead, spans, receiver);
  }

  /** Traces that a delivery ends without having been sent. */
  unsent(delivery: DueDelivery, { state, reason }: Pick<UnsentEnd, 'state' | 'reason'>): void {
    const facts = { 'deskwire.state': state, 'deskwire.reason': reason };
    this.begin(DELIVER, delivery, 'consumer')?.end(facts, state === 'dead' ? reason : undefined);
  }

  /** Begins to trace that the receiver is asked for a message in doubt. @param deliveries what travelled in it */
  lookUp(deliveries: readonly DueDelivery[]): Span | undefined {
    const [first, ...more] = deliveries.filter(({ traceparent }) => traceparent !== null);
    return first && this.begin('look up', first, 'internal', {}, contexts(more));
  }

  private begin(
    name: string,
    delivery: DueDelivery,
    kind: SpanStart['kind'],
    facts: Facts = {},
    links: readonly string[] = [],
  ): Span | undefined {
    const { id, event_id: eventId, replay_of: original, traceparent } = delivery;
    if (traceparent === null) return undefined;
    const own = { 'deskwire.delivery.id': id, 'deskwire.event.id': eventId };
    const messaging = kind === 'consumer' ? MESSAGING : {};
    const start = { kind, facts: { ...messaging, ...this.facts, ...own, ...facts } };
    if (original === null) return this.tracer.begin(name, { ...start, links }, traceparent);
    return this.tracer.begin(name, { ...start, links: [traceparent, ...links] });
  }
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
const MESSAGING: Facts = {
  'messaging.system': 'deskwire',
  'messaging.operation.name': DELIVER,
  'messaging.operation.type': 'process',
};

function others(deliveries: readonly DueDelivery[], own: DueDelivery): string[] {
  return contexts(deliveries.filter((delivery) => delivery !== own));
}

function contexts(deliveries: readonly DueDelivery[]): string[] {
  return deliveries.flatMap(({ traceparent }) => traceparent ?? []);
}
