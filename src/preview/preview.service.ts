import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { AuditDatabase } from '../database/audit-database.js';
import { notFound, Problem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';
import { makeEvents, type Recipients } from '../intake/make-events.js';
import { parseBody } from '../intake/parse-body.js';
import { toProblem } from '../intake/to-problem.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { NO_ROUTES } from '../routes/route-table.js';
import { changedSettings, checkSource } from '../sources/check-source.js';
import type { ActiveSource } from '../sources/source-directory.js';
import type { SourceSettingsBody } from '../sources/source-settings.dto.js';
import { SourcesService } from '../sources/sources.service.js';
import { cleanText, LONGEST_SHORT_FIELD } from '../ticket-event/clean-draft.js';
import { UnsupportedEventError } from '../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter, SourceSecrets } from '../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { TicketEventDraft } from '../ticket-event/ticket-event.js';
import type { PreviewBody, PreviewView } from './preview.dto.js';
import { DraftRoutes } from './draft-routes.js';
import { type JudgingRoutes, RouteJudge } from './route-judge.js';
import { selectStoredEvent } from './sql/select-stored-event.js';

const SUBJECTS = ['provider', 'source_id', 'event_id'] as const;
/** What belongs to a webhook, and means nothing beside an event of the log. */
const WEBHOOK_FIELDS = ['headers', 'body', 'settings'] as const;

/** Deliveries are not what events are made for here; the routes are asked one by one afterwards. */
const NOBODY: Recipients = { revision: NO_ROUTES, subscribers: [], isOfStore: false };

/** The road of a webhook as far as it can be gone without leaving a trace. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly sources: SourcesService,
    private readonly drafts: DraftRoutes,
    private readonly judge: RouteJudge,
    private readonly database: AuditDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws Problem 400 for what the hook would refuse too, and for settings or a route that could not be saved; 404 for a
   * source, an event or a route that is not there; 409 for a route that could not be saved beside the others
   */
  async preview(body: PreviewBody): Promise<PreviewView> {
    checkSubject(body);
    const { provider, source_id: sourceId, event_id: eventId, settings } = body;
    const routes = await this.drafts.routesWith(body.route);
    if (eventId !== undefined) return this.previewStored(eventId, routes);
    const source =
      sourceId === undefined ? this.makeSource(provider ?? '', settings) : await this.findSource(sourceId, settings);
    return this.previewWebhook(source, body, routes);
  }

  private async previewStored(id: string, routes: JudgingRoutes): Promise<PreviewView> {
    const stored = await selectStoredEvent(this.database.primary, id);
    if (!stored) throw notFound('event');
    if (stored.event) return this.viewOf([stored.event], routes);
    if (stored.outcome === 'unsupported') return { events: [], unsupported: stored.native_type ?? '' };
    throw new Problem(400, stored.reason ?? 'rejected', stored.detail ?? 'No event could be made of the webhook.');
  }

  private makeSource(provider: string, settings: Record<string, unknown> = {}): ActiveSource {
    const checked = changedSettings({}, settings);
    checkSource(checked, secretsFor(checked), this.adapterOf(provider));
    return { id: newId(this.clock.now()), name: provider, provider, settings: { ...checked }, secrets: {} };
  }

  private async findSource(id: string, changes: Record<string, unknown> | undefined): Promise<ActiveSource> {
    const { name, provider, settings } = await this.sources.get(id);
    const source = { id, name, provider, secrets: {} };
    if (!changes) return { ...source, settings: { ...settings } };
    const changed = changedSettings(settings, changes);
    checkSource(changed, secretsFor(changed), this.adapterOf(provider));
    return { ...source, settings: { ...changed } };
  }

  private adapterOf(provider: string): ProviderAdapter {
    const adapter = this.providers.get(provider);
    if (adapter) return adapter;
    const known = this.providers.list().map((each) => each.provider);
    throw new Problem(400, 'unknown_provider', `provider: must be one of ${known.join(', ')}.`);
  }

  private previewWebhook(source: ActiveSource, body: PreviewBody, routes: JudgingRoutes): Promise<PreviewView> {
    const adapter = this.adapterOf(source.provider);
    let drafts: TicketEventDraft[];
    try {
      drafts = adapter.normalise(toRequest(body), source);
    } catch (error) {
      if (!(error instanceof UnsupportedEventError)) throw toProblem(error);
      return Promise.resolve({ events: [], unsupported: cleanText(error.nativeType, LONGEST_SHORT_FIELD) });
    }
    const [first, ...rest] = drafts;
    if (!first) return Promise.resolve({ events: [] });
    const { events } = makeEvents([first, ...rest], source, this.clock.now(), NOBODY);
    return this.viewOf(
      events.map(({ document }) => document),
      routes,
    );
  }

  private async viewOf(documents: readonly TicketEventDocument[], routes: JudgingRoutes): Promise<PreviewView> {
    const events: PreviewView['events'] = [];
    for (const event of documents) events.push({ event, routes: await this.judge.judge(event, routes) });
    return { events };
  }
}

/** @throws Problem 400 `validation_failed` */
function checkSubject(body: PreviewBody): void {
  if (SUBJECTS.filter((name) => body[name] !== undefined).length !== 1) {
    throw validationProblem([{ field: 'provider', message: `exactly one of ${SUBJECTS.join(', ')} is needed` }]);
  }
  if (body.event_id === undefined) return;
  const superfluous = WEBHOOK_FIELDS.filter((name) => body[name] !== undefined);
  if (superfluous.length > 0) {
    throw validationProblem(
      superfluous.map((field) => ({ field, message: `${field}: does not go with event_id, which is of the log` })),
    );
  }
}

/** @throws UnreadableBodyError */
function toRequest({ headers = {}, body }: PreviewBody): InboundRequest {
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  // Whatever else it was is a text since `BodyAsTextInterceptor`.
  const rawBody = Buffer.from(typeof body === 'string' ? body : '');
  return { headers: lowerCase, query: {}, body: parseBody(rawBody, lowerCase['content-type']), rawBody };
}

/** Signatures are not verified here, so a source may do without what settings about them need. */
function secretsFor({ signature }: SourceSettingsBody): SourceSecrets {
  return signature === undefined ? {} : { signing_secrets: ['any'] };
}
