import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiPage } from '../http/api-page.js';
import { parseId } from '../http/id-parameter.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { ChangesQuery, ChangeView } from './change.dto.js';
import { ChangesService } from './changes.service.js';

@ApiTags('changes')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/changes')
export class ChangesController {
  constructor(private readonly changes: ChangesService) {}

  /** Who changed what among sources, destinations, routes and keys, newest first. Nothing in it can be changed or deleted. */
  @Get()
  @ApiPage(ChangeView)
  list(@Query() query: ChangesQuery): Promise<Page<ChangeView>> {
    return this.changes.list(query);
  }

  /** One of them. */
  @Get(':id')
  get(@Param('id', parseId) id: string): Promise<ChangeView> {
    return this.changes.get(id);
  }
}
