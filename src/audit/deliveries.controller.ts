import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiPage } from '../http/api-page.js';
import { parseId } from '../http/id-parameter.js';
import type { Page } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { AuditService } from './audit.service.js';
import { DeliveriesQuery, DeliveryQuery } from './log-query.dto.js';
import { DeliveryView } from './log-views.dto.js';

@ApiTags('deliveries')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(private readonly audit: AuditService) {}

  /** What was sent, is waiting, or was not sent and why, newest first. */
  @Get()
  @ApiPage(DeliveryView)
  list(@Query() query: DeliveriesQuery): Promise<Page<DeliveryView>> {
    return this.audit.listDeliveries(query);
  }

  /** One of them, with more of it where `include` asks for that. */
  @Get(':id')
  @ApiOkResponse({ type: DeliveryView })
  get(@Param('id', parseId) id: string, @Query() query: DeliveryQuery): Promise<DeliveryView> {
    return this.audit.getDelivery(id, query.include ?? []);
  }
}
