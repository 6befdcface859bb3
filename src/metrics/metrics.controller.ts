import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { AllowRoles, AnswersWithoutDatabase } from '../http/required-role.js';
import { Metrics } from './metrics.js';
import { processMetrics } from './process-metrics.js';

/** Version 0.0.4 of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** What Prometheus asks. */
@ApiTags('metrics')
@AllowRoles('admin', 'auditor')
@AnswersWithoutDatabase()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** What this process measures, in Prometheus' text format. */
  @Get()
  @Header('content-type', TEXT_FORMAT)
  @ApiProduces('text/plain')
  @ApiOkResponse({
    description: 'One number a line, with what it means.',
    schema: {
      type: 'string',
      example: 'deskwire_webhooks_total{provider="groove",outcome="accepted",status="202"} 1210',
    },
  })
  async read(): Promise<string> {
    return `${await this.metrics.metrics()}\n${await processMetrics().metrics()}`;
  }
}
