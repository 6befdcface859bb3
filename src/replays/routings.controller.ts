import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiProblem } from '../http/api-problem.js';
import { parseId } from '../http/id-parameter.js';
import { AllowRoles } from '../http/required-role.js';
import { FILTER_PROBLEMS, TURN_PROBLEMS } from './problems.js';
import { RouteAllBody, RoutedAllView, RoutedView } from './routing.dto.js';
import { RoutingsService } from './routings.service.js';

@ApiTags('events')
@AllowRoles('admin')
@Controller('api/v1/events')
export class RoutingsController {
  constructor(private readonly routings: RoutingsService) {}

  /** Asks the routes as they are now for all events that a filter names and nothing took. */
  @Post('route')
  @HttpCode(200)
  @ApiProblem(400, FILTER_PROBLEMS)
  @ApiProblem(503, TURN_PROBLEMS)
  routeAll(@Body() body: RouteAllBody, @AdminCallOf() call: AdminCall): Promise<RoutedAllView> {
    return this.routings.routeAll(call, body.filter, body.dry_run ?? false);
  }

  /** Asks the routes as they are now for an event that nothing took. */
  @Post(':id/route')
  @HttpCode(200)
  @ApiProblem(409, {
    not_accepted: 'it is no event that routes are asked for.',
    event_gone: 'what it said is not in the log any more.',
    already_matched: 'it has deliveries; those can be sent again.',
  })
  @ApiProblem(503, TURN_PROBLEMS)
  route(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<RoutedView> {
    return this.routings.route(call, id);
  }
}
