import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiPage } from '../http/api-page.js';
import { parseId } from '../http/id-parameter.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { AuditService } from './audit.service.js';
import { EventQuery, EventsQuery } from './log-query.dto.js';
import { EventView } from './log-views.dto.js';

@ApiTags('events')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly audit: AuditService) {}

  /** Every webhook that came, whatever became of it, newest first. */
  @Get()
  @ApiPage(EventView)
  list(@Query() query: EventsQuery): Promise<Page<EventView>> {
    return this.audit.listEvents(query);
  }

  /** One of them, with more of it where `include` asks for that. Whoever asks for `raw` is noted: see `/api/v1/raw-reads`. */
  @Get(':id')
  @ApiOkResponse({ type: EventView })
  get(
    @Param('id', parseId) id: string,
    @Query() query: EventQuery,
    @AdminCallOf() call: AdminCall,
  ): Promise<EventView> {
    return this.audit.getEvent(id, query.include ?? [], call);
  }
}
