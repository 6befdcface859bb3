import { type ArgumentsHost, Catch, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../clock/clock.js';
import { AnsweredProblems } from '../http/answered-problems.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { type Rate, RateLimiter } from '../http/rate-limiter.js';
import { AddressNotAllowedProblem } from '../sources/source-gate.js';
import { readCall } from './inbound-call.js';
import { IntakeService } from './intake.service.js';

/** Far more sources than anybody has. */
const MOST_SOURCES = 10_000;
/** Enough to see who is kept out; whoever knows a hook URL must not be able to fill the log from anywhere. */
const RECORDED: Rate = { perMinute: 10, burst: 10 };

/**
 * Has the log keep what was refused for the address that it came from: up to ten webhooks a minute and source. The answer
 * does not wait for it.
 */
@Catch(AddressNotAllowedProblem)
export class RefusedAddressFilter extends ProblemFilter {
  private readonly log = new Logger('intake');
  private readonly recorded: RateLimiter;

  constructor(
    private readonly intake: IntakeService,
    answered: AnsweredProblems,
    clock: Clock,
  ) {
    super(answered, clock);
    this.recorded = new RateLimiter(clock, MOST_SOURCES);
  }

  override catch(problem: AddressNotAllowedProblem, host: ArgumentsHost): void {
    super.catch(problem, host);
    if (this.recorded.take(problem.source.id, RECORDED) === 0) {
      void this.record(host.switchToHttp().getRequest<FastifyRequest>(), problem);
    }
  }

  private async record(request: FastifyRequest, problem: AddressNotAllowedProblem): Promise<void> {
    try {
      await this.intake.record(this.intake.arrive(readCall(request), problem.source), problem);
    } catch (error) {
      this.log.warn({ err: error, source_id: problem.source.id }, 'a refused webhook could not be recorded');
    }
  }
}
