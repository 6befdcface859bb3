import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { NotifierRegistry } from '../notifiers/notifier-registry.js';
import type { Composition } from '../notifiers/notifier.js';
import type { CompiledRoute } from '../routes/compile-route.js';
import { matchRoute } from '../routes/match-route.js';
import type { RouteSnapshot } from '../routes/route.entity.js';
import { TemplateError } from '../templating/template-error.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { toMatcherView } from './matcher-view.js';
import type { PreviewedRouteView, RenderedMessage } from './preview.dto.js';

/** Routes judged before other work of the process gets its turn. */
const JUDGED_AT_ONCE = 16;

const NOTHING: RenderedMessage = { channel: null, topic: null, content: null };

/** What events are judged by. */
export interface JudgingRoutes {
  routes: readonly CompiledRoute<RouteSnapshot>[];
  /** The one among them that is not saved. */
  draft?: { id: string; isNew: boolean };
}

/** Says what routes would make of an event. Sends and stores nothing. */
@Injectable()
export class RouteJudge {
  constructor(
    private readonly destinations: DestinationDirectory,
    private readonly notifiers: NotifierRegistry,
  ) {}

  async judge(event: TicketEventDocument, { routes, draft }: JudgingRoutes): Promise<PreviewedRouteView[]> {
    const views: PreviewedRouteView[] = [];
    const places = new Set<string>();
    let isStopped = false;
    for (const compiled of routes) {
      if (views.length % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await breathe();
      const { route, stop, fault } = compiled;
      const verdict = matchRoute(compiled, event);
      const delivers: boolean = verdict.matched && !isStopped;
      const asDraft = route.id === draft?.id ? draft : undefined;
      views.push({
        id: asDraft?.isNew ? null : route.id,
        name: route.name,
        position: route.position,
        ...(asDraft && { draft: true }),
        matched: verdict.matched,
        ...(isStopped && { skipped_by_stop: true }),
        matchers: verdict.verdicts.map(toMatcherView),
        destination_id: route.destination_id,
        ...(delivers ? this.render(event, route, places) : NOTHING),
        ...(fault !== undefined && { fault }),
      });
      isStopped ||= delivers && stop;
    }
    return views;
  }

  /** @param places where messages of the event go already; the new one is added */
  private render(event: TicketEventDocument, route: RouteSnapshot, places: Set<string>): RenderedMessage {
    const { destination_id: id } = route;
    // One whose secret is to be entered anew waits, as one that is paused.
    const destination = this.destinations.find(id) ?? this.destinations.findUnreadable(id);
    const notifier = destination && this.notifiers.get(destination.kind);
    if (!destination || !notifier) return { ...NOTHING, reason: 'destination_disabled' };
    const channel = notifier.channelFor(route.settings, destination);
    let composition: Composition;
    try {
      composition = notifier.compose({ event, route: route.settings, destination });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { ...NOTHING, channel, reason: 'render_failed', detail: error.message };
    }
    if (composition.kind === 'nothing') return { ...NOTHING, channel, reason: composition.reason };
    const { message } = composition;
    // As Zulip does, which tells neither channels nor topics apart by case.
    const place = JSON.stringify([destination.id, message.channel.toLowerCase(), message.topic.toLowerCase()]);
    if (places.has(place)) return { ...message, reason: 'same_place' };
    places.add(place);
    return message;
  }
}
