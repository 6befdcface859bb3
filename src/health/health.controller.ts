import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../http/required-role.js';
import { Readiness } from './readiness.js';

const ANSWER = { type: 'object', required: ['status'] };
const OK = {
  description: 'Yes.',
  schema: { ...ANSWER, properties: { status: { type: 'string', example: 'ok' } } },
};
const UNAVAILABLE = {
  description: 'The database does not answer, or the process is being started or stopped.',
  schema: { ...ANSWER, properties: { status: { type: 'string', example: 'unavailable' } } },
};

/** What probes ask. */
@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** 200 while the process answers at all. */
  @Get('live')
  @ApiOkResponse(OK)
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when webhooks can be taken and stored, else 503. */
  @Get('ready')
  @ApiOkResponse(OK)
  @ApiServiceUnavailableResponse(UNAVAILABLE)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: 'ok' | 'unavailable' }> {
    const isReady = await this.readiness.isReady();
    void reply.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable' };
  }
}
