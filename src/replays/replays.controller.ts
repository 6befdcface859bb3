import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeliveryView } from '../audit/log-views.dto.js';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiProblem } from '../http/api-problem.js';
import { parseId } from '../http/id-parameter.js';
import { AllowRoles } from '../http/required-role.js';
import { FILTER_PROBLEMS, TURN_PROBLEMS } from './problems.js';
import { ReplayAllBody, ReplayedView } from './replay.dto.js';
import { ReplaysService } from './replays.service.js';

@ApiTags('deliveries')
@AllowRoles('admin')
@Controller('api/v1/deliveries')
export class ReplaysController {
  constructor(private readonly replays: ReplaysService) {}

  /** Sends all again that a filter names: the dead ones, or those in the state that it names, behind all that is new. */
  @Post('replay')
  @HttpCode(200)
  @ApiProblem(400, FILTER_PROBLEMS)
  @ApiProblem(503, TURN_PROBLEMS)
  replayAll(@Body() body: ReplayAllBody, @AdminCallOf() call: AdminCall): Promise<ReplayedView> {
    return this.replays.replayAll(call, body.filter, body.dry_run ?? false);
  }

  /** Sends a delivery again, by a new one that is rendered anew; the original stays as it is. */
  @Post(':id/replay')
  @ApiProblem(409, {
    not_finished: 'it has not ended yet.',
    destination_deleted: 'its destination is deleted.',
    event_gone: 'its event is not in the log any more.',
    replay_waiting: 'a replay of it has not ended yet.',
  })
  @ApiProblem(503, TURN_PROBLEMS)
  replay(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<DeliveryView> {
    return this.replays.replay(call, id);
  }
}
