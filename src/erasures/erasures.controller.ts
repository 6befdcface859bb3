import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AdminCall, AdminCallOf } from '../changes/admin-call.js';
import { ApiProblem } from '../http/api-problem.js';
import { EraseBody, ErasureView } from './erasure.dto.js';
import { Erasures } from './erasures.service.js';

@ApiTags('erasures')
@Controller('api/v1/erasures')
export class ErasuresController {
  constructor(private readonly erasures: Erasures) {}

  /**
   * Erases one person's data from events, raw requests, deliveries, attempts, threads, tickets and the record of changes.
   * That there were deliveries stays. Answers which messages are left to be deleted at Zulip. A long log takes minutes:
   * send an Idempotency-Key, and the same again where the answer was lost.
   */
  @Post()
  @HttpCode(200)
  @ApiProblem(409, { in_progress: 'another erasure is under way, or the same one is; ask again when it is done.' })
  erase(@Body() body: EraseBody, @AdminCallOf() call: AdminCall): Promise<ErasureView> {
    return this.erasures.erase(call, body);
  }
}
