import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../../changes/admin-call.js';
import { ApiPage } from '../../http/api-page.js';
import { ApiProblem } from '../../http/api-problem.js';
import { parseId } from '../../http/id-parameter.js';
import { type Page, PageQuery } from '../../http/page.js';
import { AllowRoles } from '../../http/required-role.js';
import {
  CreateSubscriptionsBody,
  RemoveSubscriptionsQuery,
  type RemovedSubscriptionsView,
  type SubscriptionsView,
  SubscriptionView,
} from './subscription.dto.js';
import { SubscriptionsService } from './subscriptions.service.js';

const UNSUPPORTED = { not_supported: 'helpdesks of this provider are told the hook URL by hand.' };
const NOT_NOW = {
  source_disabled: 'the source is disabled.',
  secret_unreadable: 'its secrets, or its hook URL, cannot be decrypted: enter them anew, or rotate its token.',
  helpdesk_not_configured: "the source lacks what the helpdesk's API needs.",
  busy: 'another request is changing the same.',
};
const FAILED = { helpdesk_failed: 'the helpdesk refused, or cannot be reached.' };

/** Hooks of sources at their helpdesks. */
@ApiTags('sources')
@Controller('api/v1/sources/:id/subscriptions')
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /** Registers the source's hook at its helpdesk, by the helpdesk's API. What is registered already is left as it is. */
  @Post()
  @ApiProblem(400, { validation_failed: 'the helpdesk has no such event.', ...UNSUPPORTED })
  @ApiProblem(409, NOT_NOW)
  @ApiProblem(502, FAILED)
  register(
    @Param('id', parseId) id: string,
    @Body() body: CreateSubscriptionsBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<SubscriptionsView> {
    return this.subscriptions.register(call, id, body);
  }

  /** What is registered, as far as the gateway knows. */
  @Get()
  @AllowRoles('admin', 'auditor')
  @ApiPage(SubscriptionView)
  list(@Param('id', parseId) id: string, @Query() query: PageQuery): Promise<Page<SubscriptionView>> {
    return this.subscriptions.list(id, query);
  }

  /**
   * Removes what was registered, under former hook URLs too; the answer says what has to be removed by hand. That stays
   * listed until it is forgotten by `forget_by_hand=true`.
   */
  @Delete()
  @ApiProblem(400, UNSUPPORTED)
  @ApiProblem(409, NOT_NOW)
  @ApiProblem(502, FAILED)
  remove(
    @Param('id', parseId) id: string,
    @Query() query: RemoveSubscriptionsQuery,
    @AdminCallOf() call: AdminCall,
  ): Promise<RemovedSubscriptionsView> {
    return this.subscriptions.remove(call, id, query);
  }
}
