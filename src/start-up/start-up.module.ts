import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { FirstStart } from './first-start.js';
import { SandboxSwitch } from './sandbox-switch.js';
import { SnapshotFollower } from './snapshot-follower.js';
import { SnapshotMetrics } from './snapshot-metrics.js';

@Module({
  imports: [AccessModule, DestinationsModule, RoutesModule, SandboxModule, SourcesModule],
  providers: [FirstStart, SandboxSwitch, SnapshotFollower, SnapshotMetrics],
})
export class StartUpModule {}
