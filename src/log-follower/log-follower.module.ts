import { Module } from '@nestjs/common';
import { LogFollowerMetrics } from './log-follower-metrics.js';
import { LogFollower } from './log-follower.js';

@Module({ providers: [LogFollower, LogFollowerMetrics] })
export class LogFollowerModule {}
