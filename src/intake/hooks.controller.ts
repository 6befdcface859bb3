import { Controller, Get, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../http/api-problem.js';
import { Public } from '../http/required-role.js';
import { notFound } from '../http/problem.js';
import { type ActiveSource, SourceDirectory } from '../sources/source-directory.js';
import { SourceGate } from '../sources/source-gate.js';
import { toAnswer } from './hook-answer.js';
import { HookAnswer } from './hook-answer.dto.js';
import { readCall } from './inbound-call.js';
import { IntakeService } from './intake.service.js';
import { WebhookCounts } from './metrics/webhook-counts.js';
import { RefusedAddressFilter } from './refused-address.filter.js';
import { toProblem } from './to-problem.js';

const PROVIDER = { name: 'provider', description: 'Of the source.', example: 'groove' };
const TOKEN = { name: 'token', description: 'As it stands in the source’s hook URL.', example: 'q8Zr…' };

const ONLY = {
  name: 'only_events',
  required: false,
  description: "The helpdesk's own names of the events that are taken, comma-separated; `*` stands for any characters.",
  schema: { type: 'string', example: 'ticket_*,note_added' },
};
const EXCEPT = { ...ONLY, name: 'exclude_events', description: 'The same of those that are not taken.' };
const WEBHOOK = { number: 9, title: 'The printer is on fire', state: 'opened' };

const ELSEWHERE = { address_not_allowed: 'the source takes nothing from the address that this comes from.' };
const UNKNOWN = { not_found: 'the provider or the token is unknown, or the source is disabled.' };

type HookRequest = FastifyRequest<{ Params: { provider: string; token: string }; Body: Buffer | undefined }>;

/** Where helpdesks post. The token in the address is the key; an unknown one and an unknown provider look alike. */
@ApiTags('hooks')
@Public()
@Controller('hooks')
export class HooksController {
  constructor(
    private readonly intake: IntakeService,
    private readonly sources: SourceDirectory,
    private readonly gate: SourceGate,
    private readonly counts: WebhookCounts,
  ) {}

  /** Takes a webhook of any provider; 202 once its event is stored. */
  @Post(':provider/:token')
  @HttpCode(202)
  @UseFilters(RefusedAddressFilter)
  @ApiParam(PROVIDER)
  @ApiParam(TOKEN)
  @ApiQuery(ONLY)
  @ApiQuery(EXCEPT)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data')
  @ApiBody({
    description: 'As the helpdesk sends it, whatever its Content-Type says.',
    schema: { type: 'object', additionalProperties: true, example: WEBHOOK },
  })
  @ApiResponse({
    status: 202,
    description: 'Stored: the ids of its events, and how many deliveries they make.',
    type: HookAnswer,
  })
  @ApiResponse({
    status: 200,
    description: 'A repetition, an unsupported event type, or one that the URL leaves out.',
    type: HookAnswer,
  })
  @ApiProblem(400, {
    unreadable_body: 'the body cannot be read.',
    invalid_payload: 'an event cannot be understood.',
    missing_event_name: 'nothing says what happened; the detail names the header or field.',
    unstorable: 'it holds something that cannot be stored.',
  })
  @ApiProblem(401, { invalid_signature: 'the signature, or the Basic auth, does not fit.' })
  @ApiProblem(403, ELSEWHERE)
  @ApiProblem(404, UNKNOWN)
  @ApiProblem(413, { body_too_large: 'the body is larger than `BODY_LIMIT`.' })
  @ApiProblem(429, { rate_limited: 'more than the source takes a minute; `Retry-After` says when to come again.' })
  @ApiProblem(503, {
    source_unreadable: 'the source’s secrets cannot be decrypted; `Retry-After` says when to come again.',
    queue_full: 'more arrives than can be stored; `Retry-After` says when to come again.',
    database_unavailable: 'the database is away; `Retry-After` says when to come again.',
  })
  async take(@Req() request: HookRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<HookAnswer> {
    const source = this.findSource(request);
    this.gate.admitTo(source, request);
    try {
      const result = await this.intake.accept(readCall(request), source);
      const status = result.kind === 'accepted' ? 202 : 200;
      void reply.status(status);
      this.counts.taken(source.provider, result.kind, status);
      return toAnswer(result);
    } catch (error) {
      throw toProblem(error);
    }
  }

  /** Helpdesks probe a hook URL before they save it. Also answers HEAD. */
  @Get(':provider/:token')
  @HttpCode(200)
  @ApiParam(PROVIDER)
  @ApiParam(TOKEN)
  @ApiOkResponse({
    description: 'It may be called from here.',
    schema: { type: 'object', required: ['ready'], properties: { ready: { type: 'boolean', example: true } } },
  })
  @ApiProblem(403, ELSEWHERE)
  @ApiProblem(404, UNKNOWN)
  probe(@Req() request: HookRequest): { ready: true } {
    this.gate.requireAddress(this.findSource(request), request);
    return { ready: true };
  }

  /** @throws Problem 404 */
  private findSource({ params: { provider, token } }: HookRequest): ActiveSource {
    const source = this.sources.find(provider, token);
    if (!source) throw notFound('hook');
    return source;
  }
}
