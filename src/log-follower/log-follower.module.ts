import { Module } from '@nestjs/common';
import { LogFollower } from './log-follower.js';

@Module({ providers: [LogFollower] })
export class LogFollowerModule {}
