import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../http/api-problem.js';
import { AllowRoles } from '../http/required-role.js';
import { StatisticsView } from './statistics.dto.js';
import { StatisticsQuery } from './statistics-query.dto.js';
import { StatisticsService } from './statistics.service.js';

@ApiTags('statistics')
@AllowRoles('admin', 'auditor')
@Controller('api/v1/stats')
export class StatisticsController {
  constructor(private readonly statistics: StatisticsService) {}

  /** How many deliveries ended and how, how long they took, and what waits now; the last day unless asked otherwise. */
  @Get()
  @ApiProblem(400, { too_many_buckets: 'The range has more than 750 hours, days or months.' })
  read(@Query() query: StatisticsQuery): Promise<StatisticsView> {
    return this.statistics.read(query);
  }
}
