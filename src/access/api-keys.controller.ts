import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { type ApiKeyView, CreateApiKeyBody, type NewApiKeyView } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('api-keys')
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** Makes a key; the answer is the only one that shows it. */
  @Post()
  create(@Body() body: CreateApiKeyBody): Promise<NewApiKeyView> {
    return this.keys.create(body);
  }

  @Get()
  @AllowRoles('admin', 'auditor')
  list(@Query() query: PageQuery): Promise<Page<ApiKeyView>> {
    return this.keys.list(query);
  }

  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<ApiKeyView> {
    return this.keys.get(id);
  }
}
