import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import packageDescription from '../../package.json';
import { Environment } from '../config/environment.js';
import { Public } from '../http/required-role.js';
import { Details } from './details.js';
import { EventLoop } from './event-loop.js';
import { LiveView, ReadyView } from './health.dto.js';
import { isReady, Readiness } from './readiness.js';

const UNAVAILABLE =
  'The database does not answer or lacks migrations, the intake queue is full, leases are not renewed, or the process is being started or stopped.';

/** What probes ask. They need no key; with one, of an admin or an auditor, they are told why. */
@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly details: Details,
    private readonly eventLoop: EventLoop,
    private readonly environment: Environment,
  ) {}

  /** 200 while the process answers at all: while its event loop turns. */
  @Get('live')
  @ApiOkResponse({ description: 'Yes.', type: LiveView })
  async live(@Req() request: FastifyRequest): Promise<LiveView> {
    if (!(await this.details.areFor(request))) return { status: 'ok' };
    return {
      status: 'ok',
      version: packageDescription.version,
      role: this.environment.ROLE,
      uptime_seconds: process.uptime(),
      event_loop: this.eventLoop.read(),
    };
  }

  /** 200 when webhooks can be taken and stored, and deliveries made, else 503. */
  @Get('ready')
  @ApiOkResponse({ description: 'Yes.', type: ReadyView })
  @ApiServiceUnavailableResponse({ description: UNAVAILABLE, type: ReadyView })
  async ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyView> {
    const [checks, areShown] = await Promise.all([this.readiness.check(), this.details.areFor(request)]);
    const status = isReady(checks) ? 'ok' : 'unavailable';
    void reply.status(status === 'ok' ? 200 : 503);
    return { status, ...(areShown && { checks }) };
  }
}
