import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, CallerOf } from '../http/caller.js';
import { parseId } from '../http/id-parameter.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { DeskCall } from './desk-call.js';
import { DeskTicketsService } from './desk-tickets.service.js';
import { entityTag } from '../http/entity-tag.js';
import { readIdempotencyKey } from '../http/idempotency-key.js';
import { OpenTicketBody, type TicketAnswer, TicketsQuery, type TicketView, UpdateTicketBody } from './ticket.dto.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the ticket that is to be changed; any other is a 412.',
};

/** The tickets of the built-in desk, and those that the integration endpoint opened. */
@ApiTags('ticket desk')
@AllowRoles('admin', 'auditor', 'ingest')
@Controller('tickets')
export class TicketsController {
  constructor(private readonly tickets: DeskTicketsService) {}

  /** Opens a ticket; subscribers hear `ticket_opened`. */
  @Post()
  @AllowRoles('admin', 'ingest')
  @ApiOperation({ summary: 'Open a ticket' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repetition with the same key, for seven days, is answered with the ticket that it opened at first.',
  })
  @ApiResponse({ status: 201, description: 'The ticket; its address is in Location.' })
  @ApiResponse({ status: 400, description: 'The message is missing, blank, or holds control characters.' })
  @ApiResponse({ status: 413, description: 'The message is longer than 64 KiB.' })
  @ApiResponse({ status: 422, description: 'The Idempotency-Key has opened a ticket with another message.' })
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
  list(@Query() query: TicketsQuery, @CallerOf() caller: Caller): Promise<Page<TicketView>> {
    return this.tickets.list(query, caller);
  }

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
  @ApiOperation({ summary: 'Change the message of a ticket' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 409, description: 'The ticket is closed, or of another version than the body says.' })
  @ApiResponse({ status: 412, description: 'The ticket is of another version than If-Match says.' })
  @ApiResponse({ status: 413, description: 'The message is longer than 64 KiB.' })
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
  @ApiOperation({ summary: 'Close a ticket' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 409, description: 'The ticket is closed.' })
  @ApiResponse({ status: 412, description: 'The ticket is of another version than If-Match says.' })
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
