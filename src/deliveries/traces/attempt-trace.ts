import type { SendOutcome } from '../../notifiers/notifier.js';
import type { Span } from '../../telemetry/tracing/tracer.js';
import { parseUrl } from '../../ticket-event/parse-url.js';
import type { AttemptEnd } from '../sql/finish-attempts.js';

/** A delivery that travels in a message, and its span. */
export interface TracedDelivery {
  deliveryId: string;
  span: Span;
}

/** One try at a message: a span for each delivery in it, and below the first one's the request. */
export class AttemptTrace {
  private readonly request: Span;

  constructor(
    lead: Span,
    private readonly deliveries: readonly TracedDelivery[],
    receiver: string,
  ) {
    this.request = lead.begin('POST', {
      kind: 'client',
      facts: { 'http.request.method': 'POST', ...serverOf(receiver) },
    });
  }

  /** What goes along with the request, for receivers that go on with the trace. */
  get traceparent(): string {
    return this.request.traceparent;
  }

  /** The request has ended; what came of it is written down next. */
  answered(outcome: SendOutcome): void {
    const reason = outcome.outcome === 'sent' ? undefined : outcome.reason;
    this.request.end({ 'http.response.status_code': outcome.httpStatus }, reason);
  }

  /** It is on record. */
  ended(ends: readonly AttemptEnd[]): void {
    for (const { deliveryId, outcome, state, inDoubt, reason } of ends) {
      const facts = { 'deskwire.outcome': outcome, 'deskwire.state': state, 'deskwire.in_doubt': inDoubt };
      this.spanOf(deliveryId)?.end(facts, reason ?? undefined);
    }
  }

  /** @returns undefined for a delivery that is not traced */
  traceIdOf(deliveryId: string): string | undefined {
    return this.spanOf(deliveryId)?.traceId;
  }

  private spanOf(deliveryId: string): Span | undefined {
    return this.deliveries.find((delivery) => delivery.deliveryId === deliveryId)?.span;
  }
}

/** No path, no query: they may hold what is not for everybody. */
function serverOf(receiver: string): { 'server.address'?: string; 'server.port'?: number } {
  const url = parseUrl(receiver);
  if (!url) return {};
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { 'server.address': url.hostname, 'server.port': port };
}
