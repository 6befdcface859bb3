import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, CallerOf } from '../http/caller.js';
import { ApiProblem } from '../http/api-problem.js';
import { AllowRoles } from '../http/required-role.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { DeskCall } from './desk-call.js';
import { NO_DESK, NOT_OF_A_DESK } from './desk-problems.js';
import type { ServiceChangeAnswer, ServiceStatusAnswer } from './service-status.dto.js';
import { ServiceStatusService } from './service-status.service.js';

/** Whether the service that the desk speaks for is available. */
@ApiTags('ticket desk')
@AllowRoles('admin', 'ingest')
@ApiProblem(403, NOT_OF_A_DESK)
@ApiProblem(409, NO_DESK)
@Controller('service')
export class ServiceStatusController {
  constructor(private readonly status: ServiceStatusService) {}

  /** Whether the service is available, and since when. */
  @Get()
  @AllowRoles('admin', 'auditor', 'ingest')
  async get(@CallerOf() caller: Caller): Promise<ServiceStatusAnswer> {
    return { data: await this.status.get(caller) };
  }

  /** Says that the service is down; where that is news, subscribers hear `service_unavailable`. */
  @Post('unavailable')
  @HttpCode(200)
  async markUnavailable(@CallerOf() caller: Caller, @DeskCall() call: InboundCall): Promise<ServiceChangeAnswer> {
    return { data: await this.status.mark(false, caller, call) };
  }

  /** Says that the service is back; where that is news, subscribers hear `service_available`. */
  @Post('available')
  @HttpCode(200)
  async markAvailable(@CallerOf() caller: Caller, @DeskCall() call: InboundCall): Promise<ServiceChangeAnswer> {
    return { data: await this.status.mark(true, caller, call) };
  }
}
