import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiPage } from '../http/api-page.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { RevisionBook } from './revision-book.js';
import { parseRevisionId } from './revision-id-parameter.js';
import { RevisionsQuery } from './revisions-query.dto.js';
import { RevisionSummaryView, RevisionView } from './route-views.dto.js';

/** What events were judged by, and when. */
@ApiTags('routes')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/routes/revisions')
export class RevisionsController {
  constructor(private readonly revisions: RevisionBook) {}

  /** Every state that the routes have been in, the newest first; with `since` and `until`, what was in force then. */
  @Get()
  @ApiPage(RevisionSummaryView)
  list(@Query() query: RevisionsQuery): Promise<Page<RevisionSummaryView>> {
    return this.revisions.list(query);
  }

  /** One of them, with its routes. */
  @Get(':id')
  @ApiParam({ name: 'id', type: 'integer', example: 17 })
  get(@Param('id', parseRevisionId) id: string): Promise<RevisionView> {
    return this.revisions.get(id);
  }
}
