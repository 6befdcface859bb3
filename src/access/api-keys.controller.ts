import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor.js';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { ApiKeyView, CreateApiKeyBody, type NewApiKeyView, UpdateApiKeyBody } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the key that is to be changed; any other is a 412.',
};
const LAST_ADMIN = { last_admin_key: 'it is the last admin key that is valid, or would be by then' };
const REVOKED = { key_revoked: 'the key is revoked, and stays as it is' };
const UNKNOWN = { not_found: 'there is no such key' };
const CHANGED = { precondition_failed: 'the key is of another version than If-Match says' };

/** Who may call the API. */
@ApiTags('api-keys')
@UseInterceptors(EntityTagInterceptor)
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** Makes a key; the answer is the only one that shows it. */
  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repetition with the same key, for a day, makes no other API key; its answer does not show the key.',
  })
  @ApiProblem(422, { idempotency_key_reused: 'the Idempotency-Key came with another request before' })
  create(@Body() body: CreateApiKeyBody, @AdminCallOf() call: AdminCall): Promise<NewApiKeyView> {
    return this.keys.create(call, body);
  }

  /** All keys, revoked and expired ones as well, newest first. */
  @Get()
  @AllowRoles('admin', 'auditor')
  @ApiPage(ApiKeyView)
  list(@Query() query: PageQuery): Promise<Page<ApiKeyView>> {
    return this.keys.list(query);
  }

  /** One key, without what it opens doors by. */
  @Get(':id')
  @AllowRoles('admin', 'auditor')
  @ApiProblem(404, UNKNOWN)
  get(@Param('id', parseId) id: string): Promise<ApiKeyView> {
    return this.keys.get(id);
  }

  /** Renames a key, or changes when it expires. */
  @Patch(':id')
  @ApiHeader(IF_MATCH)
  @ApiProblem(404, UNKNOWN)
  @ApiProblem(409, { ...REVOKED, ...LAST_ADMIN })
  @ApiProblem(412, CHANGED)
  update(
    @Param('id', parseId) id: string,
    @Body() body: UpdateApiKeyBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<ApiKeyView> {
    return this.keys.update(call, id, body);
  }

  /** Revokes a key: from now on it opens nothing, in any process. It stays listed, with `revoked_at`. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader(IF_MATCH)
  @ApiProblem(404, UNKNOWN)
  @ApiProblem(409, LAST_ADMIN)
  @ApiProblem(412, CHANGED)
  revoke(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<void> {
    return this.keys.revoke(call, id);
  }
}
