import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '../http/id-parameter.js';
import { AllowRoles } from '../http/required-role.js';
import { ExplainService } from './explain.service.js';
import { ExplanationView } from './explanation.dto.js';

@ApiTags('events')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/events')
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  /**
   * Says why an event went where it went: for each route that was in force when it came, what each matcher makes of it and
   * what became of the route's deliveries. What was erased of the event since then is judged as erased.
   */
  @Get(':id/explain')
  explain(@Param('id', parseId) id: string): Promise<ExplanationView> {
    return this.explanations.explain(id);
  }
}
