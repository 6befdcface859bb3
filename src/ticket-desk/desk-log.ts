import { HttpException, Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database/database.js';
import { DeliverySignal } from '../deliveries/delivery-signal.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { keepHeaders } from '../intake/keep-headers.js';
import { makeEvents } from '../intake/make-events.js';
import { persistWebhooks } from '../intake/sql/persist-webhooks.js';
import { RouteTable } from '../routes/route-table.js';
import type { ActiveSource } from '../sources/source-directory.js';
import { type Span, Tracing } from '../telemetry/tracing/tracer.js';
import type { TicketEventDraft } from '../ticket-event/ticket-event.js';

/** An event of the desk, as it was recorded. */
export interface RecordedEvent {
  id: string;
  /** The event that it repeats, if it does; then nothing came of it. */
  duplicateOf: string | null;
  deliveries: number;
}

/** A transaction in which the desk changes something. */
export interface DeskStep {
  db: Queryable;
  /** Records an event with its deliveries, and the ticket that it opens. */
  record: (source: ActiveSource, draft: TicketEventDraft, at: Date) => Promise<RecordedEvent>;
}

/** Makes what is asked of the desk and the record of it one commit: neither is ever there without the other. */
@Injectable()
export class DeskLog {
  constructor(
    private readonly db: Database,
    private readonly routes: RouteTable,
    private readonly destinations: DestinationDirectory,
    private readonly signal: DeliverySignal,
    private readonly tracing: Tracing,
  ) {}

  /**
   * Runs a change in a transaction, then wakes whoever delivers its events.
   *
   * @param call the request, of which the log keeps what it keeps of webhooks
   * @param change whatever it throws undoes it all
   */
  async commit<Result>(call: InboundCall, change: (step: DeskStep) => Promise<Result>): Promise<Result> {
    const trace = this.trace(call);
    const destinations = new Set<string>();
    const eventIds: string[] = [];
    try {
      const result = await this.db.transaction((db) =>
        change({
          db,
          record: async (source, draft, at) => {
            const { event, destinationIds } = await this.record(db, call, source, draft, at, trace);
            for (const id of destinationIds) destinations.add(id);
            eventIds.push(event.id);
            return event;
          },
        }),
      );
      this.signal.announce(destinations);
      trace?.end({ 'deskwire.event.ids': eventIds });
      return result;
    } catch (error) {
      // What the caller asked for in vain is no fault of ours.
      trace?.end({ 'deskwire.outcome': 'undone' }, error instanceof HttpException ? undefined : 'internal_error');
      throw error;
    }
  }

  /** A change and its record, as a part of the trace that the request comes with. */
  private trace({ endpoint, headers }: InboundCall): Span | undefined {
    const { method, route } = endpoint;
    const facts = { 'http.request.method': method, 'http.route': route };
    return this.tracing.tracer?.begin(`${method} ${route}`, { kind: 'server', facts }, headers['traceparent']);
  }

  private async record(
    db: Queryable,
    call: InboundCall,
    source: ActiveSource,
    draft: TicketEventDraft,
    at: Date,
    trace: Span | undefined,
  ): Promise<{ event: RecordedEvent; destinationIds: string[] }> {
    const made = makeEvents([draft], source, at, {
      revision: this.routes.current,
      subscribers: this.destinations.subscribers(),
      // Whichever source the ticket came from.
      isOfStore: true,
    });
    const raw = { headers: keepHeaders(call.headers, { values: [] }), body: call.body };
    const record = {
      ...made,
      outcome: 'accepted' as const,
      sourceId: source.id,
      receivedAt: at,
      raw,
      ...(trace && { trace }),
    };
    const [written] = await persistWebhooks(db, [record], at);
    const duplicateOf = written?.duplicateOf ?? null;
    const destinationIds =
      duplicateOf === null ? made.events[0].deliveries.map(({ destinationId }) => destinationId) : [];
    return { event: { id: made.id, duplicateOf, deliveries: destinationIds.length }, destinationIds };
  }
}
