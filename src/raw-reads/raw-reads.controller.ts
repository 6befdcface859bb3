import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiPage } from '../http/api-page.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { RawReadsQuery, RawReadView } from './raw-read.dto.js';
import { RawReads } from './raw-reads.service.js';

@ApiTags('raw-reads')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/raw-reads')
export class RawReadsController {
  constructor(private readonly reads: RawReads) {}

  /** Who looked at which webhook word for word (`include=raw`), newest first. Nothing in it can be changed or deleted. */
  @Get()
  @ApiPage(RawReadView)
  list(@Query() query: RawReadsQuery): Promise<Page<RawReadView>> {
    return this.reads.list(query);
  }
}
