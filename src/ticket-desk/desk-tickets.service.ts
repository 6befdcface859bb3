import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import type { Caller } from '../http/caller.js';
import { fetchPage, type Page } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import type { InboundCall } from '../intake/inbound-call.js';
import type { ActiveSource } from '../sources/source-directory.js';
import type { TicketEventDraft } from '../ticket-event/ticket-event.js';
import { DeskAccess } from './desk-access.js';
import { ticketClosed, ticketOpened, ticketUpdated } from './desk-events.js';
import { DeskLog, type DeskStep } from './desk-log.js';
import type { DeskTicketRow } from './desk-ticket.js';
import { requireMatch } from '../http/entity-tag.js';
import { changeMessage } from './sql/change-message.js';
import { closeTicket } from './sql/close-ticket.js';
import { findOpenedTicket } from './sql/find-opened-ticket.js';
import { findTicket } from './sql/find-ticket.js';
import { lockTicket } from './sql/lock-ticket.js';
import { selectTickets } from './sql/select-tickets.js';
import { refuseLongMessage } from './ticket-message.js';
import { type TicketsQuery, type TicketView, toTicketView, type UpdateTicketBody } from './ticket.dto.js';

/** Which ticket is to be changed, by whom, and in which version it is expected to be. */
export interface TicketChange {
  id: string;
  ifMatch: string | undefined;
  caller: Caller;
  call: InboundCall;
}

/** What changes a ticket, and what is told of it. */
interface Change {
  /** @throws Problem where it does not fit the ticket as it is */
  check?: (row: DeskTicketRow) => void;
  apply: (step: DeskStep, at: Date) => Promise<DeskTicketRow | undefined>;
  tell: (row: DeskTicketRow) => TicketEventDraft;
}

/** The tickets of the built-in store, whichever endpoint opened them. */
@Injectable()
export class DeskTicketsService {
  constructor(
    private readonly access: DeskAccess,
    private readonly log: DeskLog,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a ticket at the caller's desk.
   *
   * @param idempotencyKey with which a repetition, for seven days, is answered with the ticket that it opened at first
   * @throws Problem 403, 413 `message_too_long`, 422 `idempotency_key_reused`
   */
  open(
    message: string,
    idempotencyKey: string | undefined,
    { caller, call }: Pick<TicketChange, 'caller' | 'call'>,
  ): Promise<TicketView> {
    const source = this.access.deskOf(caller);
    refuseLongMessage(message);
    return this.log.commit(call, async ({ db, record }) => {
      const event = await record(source, ticketOpened(message, idempotencyKey), this.clock.now());
      const ticket = await findOpenedTicket(db, event.duplicateOf ?? event.id);
      if (!ticket) throw new Error('The ticket that was opened is not in the store.');
      if (ticket.opening_message !== null && ticket.opening_message !== message) {
        throw new Problem(
          422,
          'idempotency_key_reused',
          'Idempotency-Key: has opened a ticket with another message; use a new key.',
        );
      }
      return toTicketView(ticket);
    });
  }

  /** @throws Problem 403 */
  async list(query: TicketsQuery, caller: Caller): Promise<Page<TicketView>> {
    const scope = this.access.scopeOf(caller);
    return fetchPage('tickets', query, async (position) =>
      (await selectTickets(this.db, position, scope, query.status)).map(toTicketView),
    );
  }

  /** @throws Problem 403, 404 */
  async get(id: string, caller: Caller): Promise<TicketView> {
    const row = await findTicket(this.db, id, this.access.scopeOf(caller));
    if (!row) throw notFound('ticket');
    return toTicketView(row);
  }

  /** @throws Problem 403; 404; 409 `ticket_closed`, `version_conflict`, `source_disabled`; 412; 413 `message_too_long` */
  update({ ticket_message: message, version }: UpdateTicketBody, change: TicketChange): Promise<TicketView> {
    refuseLongMessage(message);
    return this.change(change, {
      check: (row) => {
        if (version === undefined || version === row.version) return;
        const detail = `version: the ticket has been changed; its version is ${row.version} now.`;
        throw new Problem(409, 'version_conflict', detail);
      },
      apply: ({ db }, at) => changeMessage(db, change.id, message, at),
      tell: ticketUpdated,
    });
  }

  /** @throws Problem 403; 404; 409 `ticket_closed`, `source_disabled`; 412 */
  close(change: TicketChange): Promise<TicketView> {
    return this.change(change, { apply: ({ db }, at) => closeTicket(db, change.id, at), tell: ticketClosed });
  }

  private change({ id, ifMatch, caller, call }: TicketChange, { check, apply, tell }: Change): Promise<TicketView> {
    const scope = this.access.scopeOf(caller);
    return this.log.commit(call, async (step) => {
      const known = await lockTicket(step.db, id, scope);
      if (!known) throw notFound('ticket');
      const source = this.sourceOfOpen(known);
      requireMatch(ifMatch, known.version, 'ticket');
      check?.(known);
      const at = this.clock.now();
      const row = await apply(step, at);
      if (!row) throw notFound('ticket');
      await step.record(source, tell(row), at);
      return toTicketView(row);
    });
  }

  /** Told before anything about versions: no version of a closed ticket can be changed. */
  private sourceOfOpen(row: DeskTicketRow): ActiveSource {
    if (row.closed_at !== null) {
      throw new Problem(409, 'ticket_closed', 'The ticket is closed: it cannot be changed or closed again.');
    }
    return this.access.sourceOfTicket(row.source_id);
  }
}
