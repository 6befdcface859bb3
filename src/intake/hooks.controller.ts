import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../http/required-role.js';
import { notFound, Problem } from '../http/problem.js';
import { SignatureError, ProviderError } from '../ticket-event/errors.js';
import { type HookCall, type HookResult, IntakeService } from './intake.service.js';
import { UnreadableBodyError } from './parse-body.js';
import { QueueFullError, UnstorableWebhookError } from './webhook-writer.js';

/** A batch takes milliseconds; a full queue is empty again long before this. */
const QUEUE_FULL_RETRY_SECONDS = 1;

type HookRequest = FastifyRequest<{ Params: { provider: string; token: string }; Body: Buffer | undefined }>;

/** What the sender is told. */
export interface HookAnswer {
  event_ids: string[];
  deliveries?: number;
  duplicate?: true;
  unsupported?: string;
  filtered?: string;
}

/** Where helpdesks post. The token in the address is the key; an unknown one and an unknown provider look alike. */
@ApiTags('hooks')
@Public()
@Controller('hooks')
export class HooksController {
  constructor(private readonly intake: IntakeService) {}

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
    const source = this.intake.findSource(provider, token);
    if (!source) throw notFound('hook');
    try {
      const result = await this.intake.accept(readCall(request), source);
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
    if (!this.intake.findSource(provider, token)) throw notFound('hook');
    return { ready: true };
  }
}

function readCall(request: HookRequest): HookCall {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    query[name] = Array.isArray(value) ? (value[0] ?? '') : value;
  }
  return { ...request.params, headers, query, body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0) };
}

function toAnswer(result: HookResult): HookAnswer {
  switch (result.kind) {
    case 'accepted':
      return { event_ids: result.eventIds, deliveries: result.deliveries };
    case 'duplicate':
      return { event_ids: [result.eventId], deliveries: 0, duplicate: true };
    case 'unsupported':
      return { event_ids: [], unsupported: result.nativeType };
    case 'filtered':
      return { event_ids: [], filtered: result.nativeType };
  }
}

function toProblem(error: unknown): unknown {
  if (error instanceof SignatureError) return new Problem(401, error.code, error.message);
  if (error instanceof ProviderError || error instanceof UnreadableBodyError) {
    return new Problem(400, error.code, error.message);
  }
  if (error instanceof UnstorableWebhookError) {
    return new Problem(400, 'unstorable', 'The webhook holds something that cannot be stored.', { cause: error });
  }
  if (error instanceof QueueFullError) {
    return new Problem(503, 'queue_full', 'More webhooks arrive than can be stored; try again shortly.', {
      retryAfterSeconds: QUEUE_FULL_RETRY_SECONDS,
    });
  }
  return error;
}
