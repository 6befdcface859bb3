import { Controller, Get, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblem } from '../../http/api-problem.js';
import { type Caller, CallerOf } from '../../http/caller.js';
import { AllowRoles, Public } from '../../http/required-role.js';
import { HookAnswer } from '../hook-answer.dto.js';
import { readCall } from '../inbound-call.js';
import { RefusedAddressFilter } from '../refused-address.filter.js';
import { toProblem } from '../to-problem.js';
import { BatchAnswer } from './batch-answer.dto.js';
import { IntegrationTicket } from './integration-ticket.dto.js';
import { IntegrationsService } from './integrations.service.js';

type WebhookRequest = FastifyRequest<{ Body: Buffer | undefined }>;

/** What monitors of the endpoint are told; the words are those that senders of this format look for. */
const HEALTHY = {
  status: 'healthy',
  endpoint: 'webhook',
  supported_platforms: ['zendesk', 'freshdesk', 'jira', 'servicenow', 'custom'],
  features: ['flexible_field_mapping', 'automatic_validation', 'batch_processing', 'metadata_preservation'],
};

const TICKET_EXAMPLE = {
  subject: 'Password reset not working',
  description: 'I never receive the email.',
  priority: 'high',
  customer_email: 'user@example.com',
  platform: 'zendesk',
};

const UNREADABLE = {
  unreadable_body: 'the body cannot be read.',
  unstorable: 'it holds something that cannot be stored.',
};
const UNSIGNED = { invalid_signature: 'the source asks for a signature, or Basic auth, and that does not fit.' };
const FULL = {
  source_unreadable: 'the source’s secrets cannot be decrypted; `Retry-After` says when to come again.',
  queue_full: 'more arrives than can be stored; `Retry-After` says when to come again.',
};
const FORBIDDEN = {
  forbidden: 'the key is neither an `admin` nor an `ingest` key, or its source is not of the provider generic.',
};
const NO_SOURCE = {
  source_disabled: 'the key has no source of its own, and there is no enabled one of the provider generic.',
};

/** One endpoint for systems of all kinds: whoever holds a key of a generic source opens tickets with it. */
@ApiTags('integrations')
@ApiExtraModels(IntegrationTicket, HookAnswer)
@UseFilters(RefusedAddressFilter)
@Controller('api/integrations/webhook')
export class IntegrationsController {
  constructor(private readonly integrations: IntegrationsService) {}

  /** Opens a ticket, or takes a webhook of Zendesk's, Freshdesk's, Jira's, ServiceNow's or a mapped system's own. */
  @Post()
  @HttpCode(200)
  @AllowRoles('admin', 'ingest')
  @ApiBody({ schema: { type: 'object', example: TICKET_EXAMPLE } })
  @ApiResponse({
    status: 200,
    description: "The ticket; for a helpdesk's own webhook the ids of its events, as hooks answer.",
    schema: { oneOf: [{ $ref: getSchemaPath(IntegrationTicket) }, { $ref: getSchemaPath(HookAnswer) }] },
  })
  @ApiProblem(400, {
    invalid_payload: 'a title or a description is missing.',
    missing_event_name: "nothing in a helpdesk's own webhook says what happened; the detail names the field.",
    ...UNREADABLE,
  })
  @ApiProblem(401, UNSIGNED)
  @ApiProblem(403, FORBIDDEN)
  @ApiProblem(409, NO_SOURCE)
  @ApiProblem(503, FULL)
  async take(@Req() request: WebhookRequest, @CallerOf() caller: Caller): Promise<IntegrationTicket | HookAnswer> {
    try {
      return await this.integrations.take(readCall(request), caller);
    } catch (error) {
      throw toProblem(error);
    }
  }

  /**
   * Opens up to 1,000 tickets in one commit; what cannot be understood fails alone. Counts as many webhooks as it has
   * tickets where its source has a rate.
   */
  @Post('batch')
  @HttpCode(200)
  @AllowRoles('admin', 'ingest')
  @ApiBody({ schema: { type: 'array', maxItems: 1_000, items: { type: 'object', example: TICKET_EXAMPLE } } })
  @ApiProblem(400, { invalid_payload: 'the body is not a list, or too long a one.', ...UNREADABLE })
  @ApiProblem(401, UNSIGNED)
  @ApiProblem(403, FORBIDDEN)
  @ApiProblem(409, NO_SOURCE)
  @ApiProblem(503, FULL)
  async takeBatch(@Req() request: WebhookRequest, @CallerOf() caller: Caller): Promise<BatchAnswer> {
    try {
      return await this.integrations.takeBatch(readCall(request), caller);
    } catch (error) {
      throw toProblem(error);
    }
  }

  /** Says that the endpoint is there; whether the gateway is ready is told by `/health/ready`. */
  @Get('health')
  @Public()
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true, example: HEALTHY } })
  health(): typeof HEALTHY {
    return HEALTHY;
  }
}
