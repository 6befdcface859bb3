import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../http/required-role.js';
import { notFound } from '../http/problem.js';
import { SourceDirectory } from '../sources/source-directory.js';
import { type HookAnswer, toAnswer } from './hook-answer.js';
import { readCall } from './inbound-call.js';
import { IntakeService } from './intake.service.js';
import { toProblem } from './to-problem.js';

type HookRequest = FastifyRequest<{ Params: { provider: string; token: string }; Body: Buffer | undefined }>;

/** Where helpdesks post. The token in the address is the key; an unknown one and an unknown provider look alike. */
@ApiTags('hooks')
@Public()
@Controller('hooks')
export class HooksController {
  constructor(
    private readonly intake: IntakeService,
    private readonly sources: SourceDirectory,
  ) {}

  /** Takes a webhook of any provider; 202 once its event is stored. */
  @Post(':provider/:token')
  @HttpCode(202)
  @ApiOperation({ summary: 'Take a webhook' })
  @ApiParam({ name: 'provider', example: 'groove' })
  @ApiParam({ name: 'token', description: 'As the source was given it, in its hook URL.' })
  @ApiResponse({ status: 202, description: 'Stored: the ids of its events, and how many deliveries they make.' })
  @ApiResponse({ status: 200, description: 'A repetition, an unsupported event type, or one that the URL leaves out.' })
  @ApiResponse({ status: 400, description: 'The body cannot be read, or does not say what happened.' })
  @ApiResponse({ status: 404, description: 'Unknown provider or token.' })
  @ApiResponse({ status: 413, description: 'The body is larger than BODY_LIMIT.' })
  @ApiResponse({
    status: 503,
    description: 'The database is away or the queue is full; Retry-After says when to come again.',
  })
  async take(@Req() request: HookRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<HookAnswer> {
    const { provider, token } = request.params;
    const source = this.sources.find(provider, token);
    if (!source) throw notFound('hook');
    try {
      const result = await this.intake.accept({ ...readCall(request), token }, source);
      void reply.status(result.kind === 'accepted' ? 202 : 200);
      return toAnswer(result);
    } catch (error) {
      throw toProblem(error);
    }
  }

  /** Helpdesks probe a hook URL before they save it. Also answers HEAD. */
  @Get(':provider/:token')
  @HttpCode(200)
  probe(@Param('provider') provider: string, @Param('token') token: string): { ready: true } {
    if (!this.sources.find(provider, token)) throw notFound('hook');
    return { ready: true };
  }
}
