import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { within } from '../../clock/within.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { SourceDirectory } from '../../sources/source-directory.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { DueDelivery } from '../sql/take-due.js';

/** What is read together waits for names no longer, whatever its adapters do. */
const LIMIT_MS = 2_000;

type Enrich = (event: TicketEventDocument) => Promise<TicketEventDocument>;

/**
 * Lets helpdesks' APIs add to events what their webhooks leave out, for rendering alone: the log keeps what was sent.
 * What is not known in time goes without it.
 */
@Injectable()
export class Enrichment {
  private readonly logger = new Logger('dispatcher');

  constructor(
    private readonly sources: SourceDirectory,
    private readonly providers: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  /** @returns whether a helpdesk can be asked about the events of a source: preparing them may take two seconds */
  concerns(sourceId: string): boolean {
    return this.enricherOf(sourceId) !== undefined;
  }

  /** @returns the same deliveries in the same order, with events that say more where that could be learnt within 2 s */
  async enrich(due: readonly DueDelivery[]): Promise<readonly DueDelivery[]> {
    const bySource = new Map<string, Enrich | undefined>();
    const enriched = [...due];
    const asking: Promise<void>[] = [];
    for (const [index, delivery] of due.entries()) {
      const { source_id: id } = delivery;
      if (!bySource.has(id)) bySource.set(id, this.enricherOf(id));
      const enrich = bySource.get(id);
      if (enrich) asking.push(this.ask(enrich, delivery, (event) => (enriched[index] = { ...delivery, event })));
    }
    if (asking.length === 0) return due;
    await within(this.clock, LIMIT_MS, Promise.all(asking));
    // A copy: what comes too late changes nothing any more.
    return [...enriched];
  }

  private async ask(
    enrich: Enrich,
    { event, source_id: sourceId }: DueDelivery,
    put: (event: TicketEventDocument) => void,
  ): Promise<void> {
    try {
      put(await enrich(event));
    } catch (error) {
      this.logger.error({ err: error, source_id: sourceId }, 'an adapter failed to enrich an event');
    }
  }

  private enricherOf(sourceId: string): Enrich | undefined {
    const source = this.sources.findById(sourceId);
    if (source?.secrets.api_token === undefined) return undefined;
    const adapter = this.providers.get(source.provider);
    const enrich = adapter?.enrich?.bind(adapter);
    return enrich && ((event) => enrich(event, source));
  }
}
