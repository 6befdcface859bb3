import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor.js';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { CreateDestinationBody, UpdateDestinationBody } from './destination.dto.js';
import { DestinationView, NewDestinationView } from './destination-view.dto.js';
import { DestinationsService } from './destinations.service.js';

const NAME_TAKEN = 'another destination has this name.';
const BAD_ADDRESS = {
  validation_failed: 'a field is wrong; `errors` says which.',
  forbidden_address: 'the address is not on the public internet, and `OUTBOUND_ALLOW` does not name it.',
};

@ApiTags('destinations')
@Controller('api/v1/destinations')
@UseInterceptors(EntityTagInterceptor)
export class DestinationsController {
  constructor(private readonly destinations: DestinationsService) {}

  /** Adds a Zulip bot, by its account or its zuliprc, or a webhook. Secrets are never shown again. */
  @Post()
  @ApiProblem(400, BAD_ADDRESS)
  @ApiProblem(409, { name_taken: NAME_TAKEN })
  create(@Body() body: CreateDestinationBody, @AdminCallOf() call: AdminCall): Promise<NewDestinationView> {
    return this.destinations.create(call, body);
  }

  /** Where messages go, newest first, with what keeps them from arriving there. */
  @Get()
  @AllowRoles('admin', 'auditor')
  @ApiPage(DestinationView)
  list(@Query() query: PageQuery): Promise<Page<DestinationView>> {
    return this.destinations.list(query);
  }

  /** One destination, with what keeps messages from arriving there. */
  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<DestinationView> {
    return this.destinations.get(id);
  }

  /** Changes what the body names; what waits goes by the new settings. Another address needs the secret anew. */
  @Patch(':id')
  @ApiProblem(400, BAD_ADDRESS)
  @ApiProblem(409, { name_taken: NAME_TAKEN, too_many_secrets: 'ten former secrets of the webhook still sign.' })
  update(
    @Param('id', parseId) id: string,
    @Body() body: UpdateDestinationBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<DestinationView> {
    return this.destinations.update(call, id, body);
  }

  /** Removes a destination to which no route leads; what waits for it is cancelled. */
  @Delete(':id')
  @HttpCode(204)
  @ApiProblem(409, { in_use: 'routes lead to it; `used_by` names them.' })
  remove(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<void> {
    return this.destinations.remove(call, id);
  }
}
