import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../http/id-parameter.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { AuditService } from './audit.service.js';
import { EventQuery, EventsQuery } from './log-query.dto.js';
import type { EventView } from './log-views.js';

@ApiTags('events')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly audit: AuditService) {}

  /** Every webhook that came, whatever became of it, newest first. */
  @Get()
  list(@Query() query: EventsQuery): Promise<Page<EventView>> {
    return this.audit.listEvents(query);
  }

  @Get(':id')
  get(@Param('id', parseId) id: string, @Query() query: EventQuery): Promise<EventView> {
    return this.audit.getEvent(id, query.include ?? []);
  }
}
