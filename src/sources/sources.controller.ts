import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor.js';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { CreateSourceBody, type NewSourceView, RotateTokenBody, SourceView, UpdateSourceBody } from './source.dto.js';
import { SourcesService } from './sources.service.js';

const UNUSABLE = {
  validation_failed: 'a field is wrong, or settings that need others or secrets are without them; `errors` says which.',
  forbidden_address: 'settings.api_url is an address that the gateway may not call.',
};
const NAME_TAKEN = { name_taken: 'another source has this name.' };

/** Helpdesk installations that post webhooks. */
@ApiTags('sources')
@UseInterceptors(EntityTagInterceptor)
@Controller('api/v1/sources')
export class SourcesController {
  constructor(private readonly sources: SourcesService) {}

  /** Adds a helpdesk installation; the answer shows its hook URL, this once. */
  @Post()
  @ApiProblem(400, { ...UNUSABLE, unknown_provider: 'no adapter is called so.' })
  @ApiProblem(409, NAME_TAKEN)
  create(@Body() body: CreateSourceBody, @AdminCallOf() call: AdminCall): Promise<NewSourceView> {
    return this.sources.create(call, body);
  }

  /** All sources, disabled ones as well. */
  @Get()
  @AllowRoles('admin', 'auditor')
  @ApiPage(SourceView)
  list(@Query() query: PageQuery): Promise<Page<SourceView>> {
    return this.sources.list(query);
  }

  /** One source, with when it was heard last. */
  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<SourceView> {
    return this.sources.get(id);
  }

  /** Changes its name, settings or secrets, disables it or enables it; what the body leaves out stays. */
  @Patch(':id')
  @ApiProblem(400, UNUSABLE)
  @ApiProblem(409, {
    ...NAME_TAKEN,
    in_use: 'routes name the source by the name that it is to lose; `used_by` says which.',
  })
  update(
    @Param('id', parseId) id: string,
    @Body() body: UpdateSourceBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<SourceView> {
    return this.sources.update(call, id, body);
  }

  /** Deletes it: its hook URL is unknown from then on, its events stay in the log. */
  @Delete(':id')
  @HttpCode(204)
  @ApiProblem(409, {
    in_use: 'routes name it, keys post for it, or its helpdesk calls it; `used_by` says which.',
    busy: 'its hook is being registered or removed at the helpdesk.',
  })
  remove(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<void> {
    return this.sources.remove(call, id);
  }

  /**
   * Gives it another hook URL, shown this once. The one until now is let in beside it for `grace_seconds`; one from before
   * that is not let in any more, also if its time was not over.
   */
  @Post(':id/rotate-token')
  @HttpCode(200)
  rotateToken(
    @Param('id', parseId) id: string,
    @Body() body: RotateTokenBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<NewSourceView> {
    return this.sources.rotateToken(call, id, body);
  }
}
