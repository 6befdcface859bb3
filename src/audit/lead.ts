import type { DeliveryFilter, EventFilter } from './log-query.dto.js';

/**
 * What a page is found by: a column with an index that, for one value, holds the rows in the order of their ids. Every
 * other filter is then asked of each row that it leads to.
 */
export interface Lead {
  /** The filter that it stands for. */
  filter: string;
  column: string;
  value: unknown;
  /** Which rows the index holds, where that is not all: the planner is to see that ours are among them. */
  among?: string;
}

/**
 * @returns the filter that leaves the fewest rows, by what is usual: a ticket has a handful, few deliveries fail, and there
 * are more routes than destinations, and more destinations than sources; several where they have to be looked up apart
 */
export function leadOfDeliveries(filter: DeliveryFilter): Lead[] {
  const { ticket, reason, state } = filter;
  if (filter.event_id !== undefined) return lead(filter, 'event_id', 'd.event_id');
  if (ticket !== undefined) return ofTicket('d', ticket);
  if (reason !== undefined) return lead(filter, 'reason', 'd.reason', 'd.reason is not null');
  if (state !== undefined && state !== 'delivered') return lead(filter, 'state', 'd.state', "d.state <> 'delivered'");
  if (filter.route_id !== undefined) return lead(filter, 'route_id', 'd.route_id');
  if (filter.destination_id !== undefined) return lead(filter, 'destination_id', 'd.destination_id');
  if (filter.source_id !== undefined) return lead(filter, 'source_id', 'd.source_id');
  return filter.type === undefined ? [] : lead(filter, 'type', 'd.type');
}

/** @returns the same for events */
export function leadOfEvents(filter: EventFilter): Lead[] {
  const { ticket, outcome } = filter;
  if (ticket !== undefined) return ofTicket('e', ticket);
  if (outcome !== undefined && outcome !== 'accepted') {
    return lead(filter, 'outcome', 'e.outcome', "e.outcome <> 'accepted'");
  }
  if (filter.matched === false) return lead(filter, 'matched', 'e.matched', 'not e.matched');
  if (filter.native_type !== undefined) {
    return lead(filter, 'native_type', 'e.native_type', 'e.native_type is not null');
  }
  if (filter.source_id !== undefined) return lead(filter, 'source_id', 'e.source_id');
  return filter.type === undefined ? [] : lead(filter, 'type', 'e.type', 'e.type is not null');
}

function lead<Filter extends object>(
  filter: Filter,
  name: keyof Filter & string,
  column: string,
  among?: string,
): Lead[] {
  return [{ filter: name, column, value: filter[name], ...(among !== undefined && { among }) }];
}

/** By its key, and by its number where that is another word. */
function ofTicket(row: 'd' | 'e', ticket: string): Lead[] {
  return [
    { filter: 'ticket', column: `${row}.ticket_key`, value: ticket, among: `${row}.ticket_key is not null` },
    {
      filter: 'ticket',
      column: `${row}.ticket_number`,
      value: ticket,
      among: `${row}.ticket_number <> ${row}.ticket_key`,
    },
  ];
}
