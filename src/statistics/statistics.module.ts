import { Module } from '@nestjs/common';
import { BacklogService } from './backlog.service.js';
import { DestinationReadings } from './metrics/destination-readings.js';
import { DestinationMetrics } from './metrics/destination-metrics.js';
import { StatisticsController } from './statistics.controller.js';
import { StatisticsService } from './statistics.service.js';

@Module({
  controllers: [StatisticsController],
  providers: [StatisticsService, BacklogService, DestinationMetrics, DestinationReadings],
})
export class StatisticsModule {}
