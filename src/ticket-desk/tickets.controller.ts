import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { type Caller, CallerOf } from '../http/caller.js';
import { parseId } from '../http/id-parameter.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { DeskCall } from './desk-call.js';
import { KEEPS_NO_TICKETS, NO_DESK, NOT_OF_A_DESK } from './desk-problems.js';
import { DeskTicketsService } from './desk-tickets.service.js';
import { entityTag } from '../http/entity-tag.js';
import { readIdempotencyKey } from '../http/idempotency-key.js';
import { OpenTicketBody, TicketAnswer, TicketsQuery, TicketView, UpdateTicketBody } from './ticket.dto.js';

const TOO_LONG = { message_too_long: 'the message is longer than 64 KiB.' };
const SOURCE_DISABLED = { source_disabled: 'the source of the ticket is disabled.' };
const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the ticket that is to be changed; any other is a 412.',
  example: '"3"',
};

/** The tickets of the built-in desk, and those that the integration endpoint opened. */
@ApiTags('ticket desk')
@AllowRoles('admin', 'auditor', 'ingest')
@ApiProblem(403, KEEPS_NO_TICKETS)
@Controller('tickets')
export class TicketsController {
  constructor(private readonly tickets: DeskTicketsService) {}

  /** Opens a ticket; subscribers hear `ticket_opened`. */
  @Post()
  @AllowRoles('admin', 'ingest')
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repetition with the same key, for seven days, is answered with the ticket that it opened at first.',
    example: 'b0a4c1c2-restart-7',
  })
  @ApiResponse({ status: 201, description: 'The ticket; its address is in Location.', type: TicketAnswer })
  @ApiProblem(400, { validation_failed: 'the message is missing, blank, or holds control characters.' })
  @ApiProblem(403, NOT_OF_A_DESK)
  @ApiProblem(409, NO_DESK)
  @ApiProblem(413, TOO_LONG)
  @ApiProblem(422, { idempotency_key_reused: 'the key has opened a ticket with another message.' })
  async open(
    @Body() { ticket_message: message }: OpenTicketBody,
    @Headers('idempotency-key') key: string | undefined,
    @CallerOf() caller: Caller,
    @DeskCall() call: InboundCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketAnswer> {
    const ticket = await this.tickets.open(message, readIdempotencyKey(key), { caller, call });
    void reply.header('location', `/tickets/${ticket.id}`);
    return answer(ticket, reply);
  }

  /** Newest first. An `ingest` key sees the tickets of its source. */
  @Get()
  @ApiPage(TicketView)
  list(@Query() query: TicketsQuery, @CallerOf() caller: Caller): Promise<Page<TicketView>> {
    return this.tickets.list(query, caller);
  }

  /** One ticket; its version is the ETag. */
  @Get(':id')
  async get(
    @Param('id', parseId) id: string,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketAnswer> {
    return answer(await this.tickets.get(id, caller), reply);
  }

  /** Changes a ticket's message; subscribers hear `ticket_updated`. */
  @Patch(':id')
  @AllowRoles('admin', 'ingest')
  @ApiHeader(IF_MATCH)
  @ApiProblem(409, {
    ticket_closed: 'the ticket is closed.',
    version_conflict: 'it is of another version than the body says.',
    ...SOURCE_DISABLED,
  })
  @ApiProblem(413, TOO_LONG)
  async update(
    @Param('id', parseId) id: string,
    @Body() body: UpdateTicketBody,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @DeskCall() call: InboundCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketAnswer> {
    return answer(await this.tickets.update(body, { id, ifMatch, caller, call }), reply);
  }

  /** Closes a ticket, which stays in the store; subscribers hear `ticket_closed`. */
  @Delete(':id')
  @HttpCode(200)
  @AllowRoles('admin', 'ingest')
  @ApiHeader(IF_MATCH)
  @ApiProblem(409, { ticket_closed: 'the ticket is closed already.', ...SOURCE_DISABLED })
  async close(
    @Param('id', parseId) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @DeskCall() call: InboundCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketAnswer> {
    return answer(await this.tickets.close({ id, ifMatch, caller, call }), reply);
  }
}

function answer(ticket: TicketView, reply: FastifyReply): TicketAnswer {
  void reply.header('etag', entityTag(ticket.version));
  return { data: ticket };
}
