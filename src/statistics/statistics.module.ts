import { Module } from '@nestjs/common';
import { BacklogService } from './backlog.service.js';
import { StatisticsController } from './statistics.controller.js';
import { StatisticsService } from './statistics.service.js';

@Module({ controllers: [StatisticsController], providers: [StatisticsService, BacklogService] })
export class StatisticsModule {}
