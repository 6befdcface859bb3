import type { EventView } from '../log-views.dto.js';
import type { ExportColumn } from './export-writer.js';

const column = (name: string, value: ExportColumn<EventView>['value']): ExportColumn<EventView> => ({ name, value });

/** The table of exported events: what a row has room for. The other form has all of an event. */
export const EVENT_COLUMNS: readonly ExportColumn<EventView>[] = [
  column('id', (event) => event.id),
  column('received_at', (event) => event.received_at),
  column('occurred_at', (event) => event.occurred_at),
  column('outcome', (event) => event.outcome),
  column('type', (event) => event.type),
  column('native_type', (event) => event.native_type),
  column('source_id', (event) => event.source.id),
  column('source', (event) => event.source.name),
  column('provider', (event) => event.source.provider),
  column('ticket_key', (event) => event.ticket?.key),
  column('ticket_number', (event) => event.ticket?.number),
  column('ticket_title', (event) => event.ticket?.title),
  column('ticket_url', (event) => event.ticket?.url),
  column('ticket_status', (event) => event.ticket?.status?.native),
  column('ticket_priority', (event) => event.ticket?.priority?.native),
  column('requester_name', (event) => event.ticket?.requester?.name),
  column('requester_email', (event) => event.ticket?.requester?.email),
  column('assignee_name', (event) => event.ticket?.assignee?.name),
  column('assignee_email', (event) => event.ticket?.assignee?.email),
  column('actor_name', (event) => event.actor?.name),
  column('actor_email', (event) => event.actor?.email),
  column('message', (event) => event.message?.text),
  column('duplicate_of', (event) => event.duplicate_of),
  column('reason', (event) => event.reason),
  column('detail', (event) => event.detail),
  column('route_revision', (event) => event.route_revision),
  column('matched', (event) => event.matched),
];
