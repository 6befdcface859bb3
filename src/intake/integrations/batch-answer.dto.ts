import { ApiProperty } from '@nestjs/swagger';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import type { TicketRow } from '../../tickets/ticket.js';

/** Whatever JSON holds. */
const ANYTHING = [
  { type: 'object', additionalProperties: true },
  { type: 'array', items: {} },
  { type: 'string' },
  { type: 'number' },
  { type: 'boolean' },
];

/** An item of a batch, understood or not. */
export type ReadItem = { draft: TicketEventDraft } | { error: string; data: unknown };

export class BatchCreation {
  /**
   * Its place in the list that was sent, from 0.
   * @example 0
   */
  index!: number;
  ticket_id!: string;
  /** @example 'Password reset not working' */
  title!: string;
}

export class BatchFailure {
  /**
   * Its place in the list that was sent, from 0.
   * @example 1
   */
  index!: number;
  /**
   * Why no ticket was opened.
   * @example 'Description or body is required'
   */
  error!: string;
  /**
   * The item as it was sent.
   * @example { "subject": "Password reset not working" }
   */
  @ApiProperty({ oneOf: ANYTHING, nullable: true })
  data!: unknown;
}

/** What became of each item of a batch. */
export class BatchAnswer {
  /** @example 'completed' */
  status!: 'completed';
  /** @example 1 */
  created_count!: number;
  /** @example 1 */
  failed_count!: number;
  created_tickets!: BatchCreation[];
  failed_tickets!: BatchFailure[];
}

/** @param tickets of the items that were understood, in their order */
export function toBatchAnswer(items: readonly ReadItem[], tickets: readonly TicketRow[]): BatchAnswer {
  const created: BatchCreation[] = [];
  const failed: BatchFailure[] = [];
  for (const [index, item] of items.entries()) {
    const ticket = tickets[created.length];
    if ('error' in item) failed.push({ index, ...item });
    else if (ticket) created.push({ index, ticket_id: ticket.id, title: ticket.title });
  }
  return {
    status: 'completed',
    created_count: created.length,
    failed_count: failed.length,
    created_tickets: created,
    failed_tickets: failed,
  };
}
