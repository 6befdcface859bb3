import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { CreateSourceBody, type NewSourceView, type SourceView, UpdateSourceBody } from './source.dto.js';
import { SourcesService } from './sources.service.js';

@ApiTags('sources')
@Controller('api/v1/sources')
export class SourcesController {
  constructor(private readonly sources: SourcesService) {}

  /** Adds a helpdesk installation; the answer is the only one that shows its hook URL. */
  @Post()
  create(@Body() body: CreateSourceBody): Promise<NewSourceView> {
    return this.sources.create(body);
  }

  @Get()
  @AllowRoles('admin', 'auditor')
  list(@Query() query: PageQuery): Promise<Page<SourceView>> {
    return this.sources.list(query);
  }

  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<SourceView> {
    return this.sources.get(id);
  }

  /** Changes its name, settings or secrets; what the body leaves out stays. */
  @Patch(':id')
  update(@Param('id', parseId) id: string, @Body() body: UpdateSourceBody): Promise<SourceView> {
    return this.sources.update(id, body);
  }
}
