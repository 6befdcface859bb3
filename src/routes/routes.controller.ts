import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiPage } from '../http/api-page.js';
import { ApiProblem } from '../http/api-problem.js';
import { entityTag } from '../http/entity-tag.js';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor.js';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { CreateRouteBody, ReorderRoutesBody, UpdateRouteBody } from './route.dto.js';
import { RouteOrderView, RouteView } from './route-views.dto.js';
import { RoutesService } from './routes.service.js';

const UNUSABLE = {
  validation_failed:
    'a field is wrong, a matcher could never hold, or a template cannot be rendered; `errors` says where.',
  unknown_destination: 'there is no such destination.',
};
const CONFLICTS = {
  name_taken: 'another route has this name.',
  destination_disabled: 'the destination is disabled, and the route is not.',
  routes_too_costly: 'all enabled routes together would cost too much for each event.',
};

/** Which events go where. */
@ApiTags('routes')
@UseInterceptors(EntityTagInterceptor)
@Controller('api/v1/routes')
export class RoutesController {
  constructor(private readonly routes: RoutesService) {}

  /** Adds a route; it judges the next event. */
  @Post()
  @ApiProblem(400, UNUSABLE)
  @ApiProblem(409, { ...CONFLICTS, too_many_routes: 'there are 1,000 already.' })
  create(@Body() body: CreateRouteBody, @AdminCallOf() call: AdminCall): Promise<RouteView> {
    return this.routes.create(call, body);
  }

  /** All routes, disabled ones too, the newest first; its ETag is for reordering. */
  @Get()
  @AllowRoles('admin', 'auditor')
  @ApiPage(RouteView)
  async list(@Query() query: PageQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Page<RouteView>> {
    // Read first: what changes while the routes are read makes the tag an old one.
    void reply.header('etag', entityTag(await this.routes.findVersion()));
    return this.routes.list(query);
  }

  /** One route. */
  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<RouteView> {
    return this.routes.get(id);
  }

  /** Changes, moves, disables or enables a route; what the body leaves out stays. The next event is judged by it. */
  @Patch(':id')
  @ApiProblem(400, UNUSABLE)
  @ApiProblem(409, CONFLICTS)
  update(
    @Param('id', parseId) id: string,
    @Body() body: UpdateRouteBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<RouteView> {
    return this.routes.update(call, id, body);
  }

  /** Deletes a route; later ones move up. What it has made of events stays in the log, and is still sent. */
  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<void> {
    return this.routes.remove(call, id);
  }

  /** Gives all routes an order at once; `If-Match` is held to the ETag of their list. */
  @Post('reorder')
  @HttpCode(200)
  @ApiProblem(409, { routes_changed: 'a route is missing, or there is none with one of the ids; `detail` names them.' })
  async reorder(
    @Body() { ids }: ReorderRoutesBody,
    @AdminCallOf() call: AdminCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RouteOrderView> {
    const order = await this.routes.reorder(call, ids);
    void reply.header('etag', entityTag(await this.routes.findVersion()));
    return order;
  }
}
