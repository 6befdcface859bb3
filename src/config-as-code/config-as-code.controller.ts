import { Body, Controller, Get, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiProduces, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiProblem } from '../http/api-problem.js';
import { entityTag } from '../http/entity-tag.js';
import { Problem } from '../http/problem.js';
import { AllowRoles } from '../http/required-role.js';
import { ApplyConfigQuery, type ConfigDifferenceView } from './config-as-code.dto.js';
import { ConfigAsCodeService } from './config-as-code.service.js';

/** RFC 9512. */
const YAML = 'application/yaml';
const EXAMPLE = `routes:
  - name: Urgent tickets
    destination: Zulip
    matchers:
      - {field: ticket.priority.normal, op: eq, value: urgent}
    settings: {channel: urgent}
`;

@ApiTags('config')
@Controller('api/v1/config')
export class ConfigAsCodeController {
  constructor(private readonly config: ConfigAsCodeService) {}

  /** Sources, destinations and routes as YAML; secrets by reference. To be kept in version control and applied again. */
  @Get()
  @AllowRoles('admin', 'auditor')
  @ApiProduces(YAML)
  @ApiProblem(409, { secret_unreadable: 'a source has secrets that cannot be decrypted; says which.' })
  async export(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { yaml, version } = await this.config.export();
    void reply.header('etag', entityTag(version)).type(`${YAML}; charset=utf-8`);
    return yaml;
  }

  /**
   * Makes sources, destinations and routes what a document says, all of it or nothing. A part that is left out stays; of
   * one that is there, what it does not name is deleted. Things are known again by their names.
   */
  @Put()
  @ApiConsumes(YAML)
  @ApiBody({ schema: { type: 'string', example: EXAMPLE } })
  @ApiProblem(400, {
    invalid_yaml: 'it is not YAML of plain values; says the line and column.',
    validation_failed: 'a thing cannot be saved; says which.',
    unknown_provider: 'a source is of a provider that there is not.',
    forbidden_address: 'a source or a destination has an address that the gateway may not call.',
  })
  @ApiProblem(409, {
    configuration_too_costly: 'it takes longer than half a minute.',
    in_use: 'something that would be deleted, or get another name, is in use; `used_by` says by what.',
    busy: 'the hook of a source that would be deleted is being registered or removed at its helpdesk.',
    destination_disabled: 'a route that is enabled leads to a destination that is disabled.',
    secret_unreadable: 'a source has secrets that cannot be decrypted, so that there is no version to match.',
    too_many_routes: 'there would be more than 1,000 routes.',
    routes_too_costly: 'all enabled routes together would cost too much for each event.',
    too_many_secrets: 'ten former secrets of a webhook still sign.',
  })
  @ApiProblem(413, { document_too_large: 'more than 1 MiB.' })
  @ApiProblem(415, { unsupported_media_type: `the body is not ${YAML}.` })
  apply(
    @Body() body: unknown,
    @Query() query: ApplyConfigQuery,
    @AdminCallOf() call: AdminCall,
  ): Promise<ConfigDifferenceView> {
    if (typeof body !== 'string') throw new Problem(415, 'unsupported_media_type', `Send ${YAML}.`);
    return this.config.apply(call, body, query.dry_run === 'true');
  }
}
