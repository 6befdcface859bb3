import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DeliveryView } from '../audit/log-views.dto.js';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiProblem } from '../http/api-problem.js';
import { parseId } from '../http/id-parameter.js';
import { AllowRoles } from '../http/required-role.js';
import { CancelAllBody, CancelledView } from './cancellation.dto.js';
import { CancellationsService } from './cancellations.service.js';
import { FILTER_PROBLEMS, TURN_PROBLEMS } from './problems.js';

@ApiTags('deliveries')
@AllowRoles('admin')
@Controller('api/v1/deliveries')
export class CancellationsController {
  constructor(private readonly cancellations: CancellationsService) {}

  /** Cancels all that waits of what a filter names. */
  @Post('cancel')
  @HttpCode(200)
  @ApiProblem(400, FILTER_PROBLEMS)
  @ApiProblem(503, TURN_PROBLEMS)
  cancelAll(@Body() body: CancelAllBody, @AdminCallOf() call: AdminCall): Promise<CancelledView> {
    return this.cancellations.cancelAll(call, body.filter, body.dry_run ?? false);
  }

  /** Cancels a delivery that waits; what waited behind it goes on at once. */
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOkResponse({ type: DeliveryView })
  @ApiProblem(409, { in_flight: 'it is being sent at this moment.', finished: 'it has ended already.' })
  @ApiProblem(503, TURN_PROBLEMS)
  cancel(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<DeliveryView> {
    return this.cancellations.cancel(call, id);
  }
}
