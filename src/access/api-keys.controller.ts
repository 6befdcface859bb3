import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor.js';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { ApiKeyView, CreateApiKeyBody, type NewApiKeyView, UpdateApiKeyBody } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

const LAST_ADMIN = { last_admin_key: 'it is the last admin key that is valid, or would be by then.' };
const REVOKED = { key_revoked: 'the key is revoked, and stays as it is.' };
const UNKNOWN = { not_found: 'there is no such key.' };

/** Who may call the API. */
@ApiTags('api-keys')
@UseInterceptors(EntityTagInterceptor)
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** Makes a key; the answer is the only one that shows it. */
  @Post()
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
  @ApiProblem(404, UNKNOWN)
  @ApiProblem(409, { ...REVOKED, ...LAST_ADMIN })
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
  @ApiProblem(404, UNKNOWN)
  @ApiProblem(409, LAST_ADMIN)
  revoke(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<void> {
    return this.keys.revoke(call, id);
  }
}
