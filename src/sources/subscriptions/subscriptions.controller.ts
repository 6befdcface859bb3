import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../../http/id-parameter.js';
import { type Page, PageQuery } from '../../http/page.js';
import { AllowRoles } from '../../http/required-role.js';
import {
  CreateSubscriptionsBody,
  RemoveSubscriptionsQuery,
  type RemovedSubscriptionsView,
  type SubscriptionsView,
  type SubscriptionView,
} from './subscription.dto.js';
import { SubscriptionsService } from './subscriptions.service.js';

@ApiTags('sources')
@Controller('api/v1/sources/:id/subscriptions')
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /** Registers the source's hook at its helpdesk, by the helpdesk's API. What is registered already is left as it is. */
  @Post()
  register(@Param('id', parseId) id: string, @Body() body: CreateSubscriptionsBody): Promise<SubscriptionsView> {
    return this.subscriptions.register(id, body);
  }

  @Get()
  @AllowRoles('admin', 'auditor')
  list(@Param('id', parseId) id: string, @Query() query: PageQuery): Promise<Page<SubscriptionView>> {
    return this.subscriptions.list(id, query);
  }

  /**
   * Removes what was registered; the answer says what has to be removed by hand. That stays listed until it is forgotten
   * by `forget_by_hand=true`.
   */
  @Delete()
  remove(
    @Param('id', parseId) id: string,
    @Query() query: RemoveSubscriptionsQuery,
  ): Promise<RemovedSubscriptionsView> {
    return this.subscriptions.remove(id, query);
  }
}
