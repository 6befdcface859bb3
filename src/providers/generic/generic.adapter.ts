import { Injectable } from '@nestjs/common';
import type { InboundRequest, ProviderAdapter, SourceSettings } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { asPayload, readValue } from '../read-payload.js';
import type { GenericReader } from './generic-reader.js';
import { checkMapping, type MappingProblem } from './mapping/check-mapping.js';
import { normaliseByMapping } from './mapping/normalise-by-mapping.js';
import { FRESHDESK_NATIVE_TYPES, readFreshdesk } from './native/freshdesk.js';
import { JIRA_NATIVE_TYPES, readJira } from './native/jira.js';
import { readServiceNow, SERVICENOW_NATIVE_TYPES } from './native/servicenow.js';
import { readZendesk, ZENDESK_NATIVE_TYPES } from './native/zendesk.js';
import { FORM_NATIVE_TYPE, readTicketForm } from './ticket-form.js';

/** Asked in this order; what none of them knows is a ticket form. */
const READERS: readonly GenericReader[] = [readZendesk, readFreshdesk, readJira, readServiceNow];

/**
 * One address for many systems: the native webhooks of Zendesk, Freshdesk, Jira and ServiceNow, and a flat form that
 * any program can fill in. A source with a mapping describes its webhooks itself, and all of them.
 */
@Injectable()
export class GenericAdapter implements ProviderAdapter {
  readonly provider = 'generic';
  readonly nativeTypes: readonly string[] = [
    FORM_NATIVE_TYPE,
    ...ZENDESK_NATIVE_TYPES,
    ...FRESHDESK_NATIVE_TYPES,
    ...JIRA_NATIVE_TYPES,
    ...SERVICENOW_NATIVE_TYPES,
  ];

  normalise(request: InboundRequest, source: SourceSettings): TicketEventDraft[] {
    const mapping = readValue(source.settings, 'mapping');
    if (mapping !== undefined) return normaliseByMapping(request, mapping);
    const body = asPayload(request.body);
    if (body) {
      for (const read of READERS) {
        const drafts = read(body, request, source);
        if (drafts) return drafts;
      }
    }
    return [readTicketForm(request.body)];
  }
  checkSettings(settings: Readonly<Record<string, unknown>>): MappingProblem[] {
    const mapping = readValue(settings, 'mapping');
    return mapping === undefined ? [] : checkMapping(mapping);
  }
}
