import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../http/id-parameter.js';
import { type Page, PageQuery } from '../http/page.js';
import { AllowRoles } from '../http/required-role.js';
import { CreateRouteBody, type RouteView } from './route.dto.js';
import { RoutesService } from './routes.service.js';

@ApiTags('routes')
@Controller('api/v1/routes')
export class RoutesController {
  constructor(private readonly routes: RoutesService) {}

  /** Adds a route; it judges the next event. */
  @Post()
  create(@Body() body: CreateRouteBody): Promise<RouteView> {
    return this.routes.create(body);
  }

  @Get()
  @AllowRoles('admin', 'auditor')
  list(@Query() query: PageQuery): Promise<Page<RouteView>> {
    return this.routes.list(query);
  }

  @Get(':id')
  @AllowRoles('admin', 'auditor')
  get(@Param('id', parseId) id: string): Promise<RouteView> {
    return this.routes.get(id);
  }
}
