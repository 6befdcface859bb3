import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { type Caller, CallerOf } from '../http/caller.js';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { DeskCall } from './desk-call.js';
import { NO_DESK, NOT_OF_A_DESK } from './desk-problems.js';
import { DeskSubscribersService } from './desk-subscribers.service.js';
import {
  type PingAnswer,
  RegisterSubscriberBody,
  RegistrationAnswer,
  SubscriberView,
  type UnregistrationAnswer,
} from './subscriber.dto.js';

/** Whoever is called back: `{event, created, data}`, signed as Standard Webhooks says. */
@ApiTags('ticket desk')
@AllowRoles('admin', 'ingest')
@ApiProblem(403, NOT_OF_A_DESK)
@ApiProblem(409, NO_DESK)
@Controller('webhooks')
export class SubscribersController {
  constructor(private readonly subscribers: DeskSubscribersService) {}

  /**
   * Has an address called for every event of every ticket in the store. Registered again, it stays the same subscriber;
   * what is given replaces what it had.
   */
  @Post('register')
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A repetition with the same key within a day does nothing and is answered as the first time, without the secret.',
    example: 'b0a4c1c2-restart-7',
  })
  @ApiResponse({
    status: 201,
    description: 'Its id, and the secret that signs the calls, shown this once if we made it.',
    type: RegistrationAnswer,
  })
  @ApiResponse({
    status: 200,
    description: 'It was registered before: the same id, without a secret.',
    type: RegistrationAnswer,
  })
  @ApiProblem(400, {
    validation_failed: 'the address is none, or there is no such event.',
    forbidden_address: 'the address cannot be called.',
  })
  @ApiProblem(409, { too_many_secrets: 'ten former secrets still sign.', ...NO_DESK })
  async register(
    @Body() body: RegisterSubscriberBody,
    @CallerOf() caller: Caller,
    @AdminCallOf() call: AdminCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegistrationAnswer> {
    const { registration, isNew } = await this.subscribers.register(body, caller, call);
    void reply.status(isNew ? 201 : 200);
    return { data: registration };
  }

  /** Ends the calls to a subscriber and cancels what waits for it. Succeeds also where there is none, whatever the id. */
  @Delete('unregister/:id')
  @ApiParam({
    name: 'id',
    description: 'As it was told when it was registered.',
    example: '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3',
  })
  @HttpCode(200)
  async unregister(
    @Param('id') id: string,
    @CallerOf() caller: Caller,
    @AdminCallOf() call: AdminCall,
  ): Promise<UnregistrationAnswer> {
    await this.subscribers.unregister(id, caller, call);
    return { data: { id } };
  }

  /** Newest first, without secrets. */
  @Get()
  @ApiPage(SubscriberView)
  @AllowRoles('admin', 'auditor', 'ingest')
  list(@Query() query: PageQuery, @CallerOf() caller: Caller): Promise<Page<SubscriberView>> {
    return this.subscribers.list(query, caller);
  }

  /** Calls every subscriber with a `ping`. */
  @Post('ping')
  @HttpCode(200)
  async ping(@CallerOf() caller: Caller, @DeskCall() call: InboundCall): Promise<PingAnswer> {
    return { data: await this.subscribers.ping(caller, call) };
  }
}
