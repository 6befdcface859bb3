import { Body, Controller, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiProblem } from '../http/api-problem.js';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor.js';
import { parseId } from '../http/id-parameter.js';
import { CreateDestinationBody } from './destination.dto.js';
import { DestinationCheckView, DestinationTestView, NewSecretView, PauseBody } from './destination-actions.dto.js';
import { DestinationPauses } from './destination-pauses.js';
import { DestinationTrials } from './destination-trials.js';
import { DestinationView } from './destination-view.dto.js';
import { SecretRotation } from './secret-rotation.js';

const UNKNOWN = 'this version knows no destinations of its kind.';
const UNREADABLE = 'its secret cannot be decrypted: enter it anew.';

/** What is done with a destination beside changing its settings. */
@ApiTags('destinations')
@Controller('api/v1/destinations')
@UseInterceptors(EntityTagInterceptor)
export class DestinationActionsController {
  constructor(
    private readonly pauses: DestinationPauses,
    private readonly trials: DestinationTrials,
    private readonly secrets: SecretRotation,
  ) {}

  /** Has everything wait until the destination is resumed: nothing is tried, other settings do not end it. */
  @Post(':id/pause')
  @HttpCode(200)
  pause(
    @Param('id', parseId) id: string,
    @Body() { detail }: PauseBody,
    @AdminCallOf() call: AdminCall,
  ): Promise<DestinationView> {
    return this.pauses.pause(call, id, detail ?? null);
  }

  /** Ends whatever pauses the destination or its channels, and enables it if it was disabled; what waits is sent at once. */
  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<DestinationView> {
    return this.pauses.resume(call, id);
  }

  /** Looks whether a destination that is not stored could be reached, and says what is wrong. Nothing is stored or sent. */
  @Post('check')
  @HttpCode(200)
  checkBody(@Body() body: CreateDestinationBody): Promise<DestinationCheckView> {
    return this.trials.checkBody(body);
  }

  /** Looks whether the destination can be reached, and says what is wrong with its server, its bot, its channel. Nothing is sent. */
  @Post(':id/check')
  @HttpCode(200)
  @ApiProblem(409, { unknown_kind: UNKNOWN, secret_unreadable: UNREADABLE })
  check(@Param('id', parseId) id: string): Promise<DestinationCheckView> {
    return this.trials.check(id);
  }

  /** Sends a test message at once, also to a destination that is paused or disabled: a webhook gets the event `ping`. */
  @Post(':id/test')
  @HttpCode(200)
  @ApiProblem(409, {
    busy: 'two tests with an Idempotency-Key are under way.',
    unknown_kind: UNKNOWN,
    secret_unreadable: UNREADABLE,
  })
  test(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<DestinationTestView> {
    return this.trials.test(call, id);
  }

  /** Signs a webhook with a new secret from now on; each one before signs too until 24 hours after it was replaced. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ApiProblem(409, {
    not_signed: 'it is no webhook.',
    too_many_secrets: 'ten former secrets still sign.',
  })
  rotateSecret(@Param('id', parseId) id: string, @AdminCallOf() call: AdminCall): Promise<NewSecretView> {
    return this.secrets.rotate(call, id);
  }
}
