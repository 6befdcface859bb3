import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { FakeFaveo } from '../../../test/support/fake-faveo.js';
import type { SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { Actor } from '../../ticket-event/ticket-event.js';
import { type HelpdeskParts, makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { FaveoEnricher } from './faveo.enricher.js';

const AT = '2026-07-01T12:00:00.000Z';

/** A change of status that shows nothing but ids. */
const CHANGE: TicketEventDocument = {
  id: '0197c3a0-0000-7000-8000-000000000001',
  type: 'ticket.status_changed',
  native_type: 'ticket_status_updated',
  source: { id: '0197c3a0-0000-7000-8000-000000000002', provider: 'faveo', name: 'Faveo' },
  occurred_at: AT,
  received_at: AT,
  deduplication_key: 'key',
  ticket: {
    ...{ key: '9', number: 'HDSK-AAAA-0009', tags: [], custom: {} },
    status: { native: '9' },
    priority: { native: '9' },
    group: '7',
    assignee: { id: '4' },
  },
  actor: { id: '3', kind: 'agent' },
  changes: [{ field: 'status', from: '1', to: '9' }],
};

describe('the enrichment of Faveo’s events', () => {
  let clock: FakeClock;
  let parts: HelpdeskParts;
  let faveo: FakeFaveo;
  let enricher: FaveoEnricher;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    clock = new FakeClock();
    parts = makeHelpdeskParts(clock);
    faveo = await FakeFaveo.start();
    enricher = new FaveoEnricher(parts.desk);
  });
  afterEach(async () => {
    await faveo.stop();
    await parts.http.onApplicationShutdown();
  });

  const source = (settings: object = { api_url: faveo.url }, token = faveo.token): SourceAccess => ({
    id: CHANGE.source.id,
    name: 'Faveo',
    settings: { ...settings },
    secrets: { api_token: token },
  });

  it('names what the event shows the id of', async () => {
    const given = structuredClone(CHANGE);
    expect(await enricher.enrich(given, source())).toEqual({
      ...CHANGE,
      ticket: {
        ...{ key: '9', number: 'HDSK-AAAA-0009', tags: [], custom: {} },
        status: { native: 'Waiting for parts' },
        priority: { native: 'Whenever' },
        group: 'Returns',
        assignee: { id: '4', name: 'Ruth Gray', email: 'ruth@example.com' },
      },
      actor: { id: '3', email: 'agent@example.com', kind: 'agent' },
      changes: [{ field: 'status', from: 'Open', to: 'Waiting for parts' }],
    });
    expect(given).toEqual(CHANGE);
  });

  it.each([
    ['priority', '9', 'Whenever'],
    ['group', '7', 'Returns'],
    ['team', '1', 'Level 2'],
    ['assignee', '3', 'agent@example.com'],
    ['assignee', '4', 'Ruth Gray'],
    ['status', '77', '77'],
    ['due_date', '9', '9'],
  ])('names the new %s %s: %s', async (field, to, expected) => {
    const event = { ...CHANGE, changes: [{ field, to }] };
    expect((await enricher.enrich(event, source())).changes).toEqual([{ field, to: expected }]);
  });

  it.each<[Actor['kind'], object]>([
    ['unknown', { name: 'Ruth Gray', email: 'ruth@example.com' }],
    ['customer', {}],
  ])('knows an actor of the kind %s by an agent’s id, unless it is a customer', async (kind, learnt) => {
    const { actor } = await enricher.enrich({ ...CHANGE, actor: { id: '4', kind } }, source());
    expect(actor).toEqual({ id: '4', kind, ...learnt });
  });

  it('asks once for minutes, whatever the ids', async () => {
    await enricher.enrich(CHANGE, source());
    const other = await enricher.enrich({ ...CHANGE, changes: [{ field: 'group', to: '7' }] }, source());
    expect(other.changes).toEqual([{ field: 'group', to: 'Returns' }]);
    expect(faveo.asked).toEqual(['GET /api/v1/helpdesk/dependency']);
  });

  it('replaces no name, nor asks where nothing is missing', async () => {
    const event: TicketEventDocument = {
      ...CHANGE,
      ticket: {
        ...{ key: '9', tags: [], custom: {} },
        status: { native: 'Open', normal: 'open' },
        priority: { native: 'Low', normal: 'low' },
        group: 'Support',
        assignee: { id: '3', name: 'Somebody' },
      },
      actor: { id: '4', kind: 'customer' },
      changes: [{ field: 'status', to: 'Open' }],
    };
    expect(await enricher.enrich(event, source())).toBe(event);
    expect(faveo.heard).toEqual([]);
  });

  it('leaves an event as it is when the API cannot help', async () => {
    expect(await enricher.enrich(CHANGE, source({ base_url: faveo.url }))).toBe(CHANGE);
    expect(faveo.heard).toEqual([]);
    expect(await enricher.enrich(CHANGE, source(undefined, 'expired'))).toBe(CHANGE);
    faveo.misbehave(() => 'reset');
    expect(await enricher.enrich(CHANGE, source())).toBe(CHANGE);
  });

  it('reads lists in any form', async () => {
    faveo.misbehave(() => ({
      status: 200,
      body: {
        result: {
          departments: 'none',
          priorities: [{ priority: 'Top', priority_id: '9' }, null, 7, { priority_id: 8 }],
          status: { 9: 'x' },
          staffs: [{ id: 4 }, { id: 3, full_name: 'Lee' }],
        },
      },
    }));
    const { ticket, actor } = await enricher.enrich(CHANGE, source());
    expect(ticket).toEqual({ ...CHANGE.ticket, priority: { native: 'Top' } });
    expect(actor).toEqual({ id: '3', name: 'Lee', kind: 'agent' });
  });
});
