import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { DraftRoutes } from './draft-routes.js';
import { ExplainController } from './explain.controller.js';
import { ExplainService } from './explain.service.js';
import { PreviewController } from './preview.controller.js';
import { PreviewService } from './preview.service.js';
import { RouteJudge } from './route-judge.js';

@Module({
  imports: [DestinationsModule, NotifiersModule, ProvidersModule, RoutesModule, SourcesModule],
  controllers: [ExplainController, PreviewController],
  providers: [DraftRoutes, ExplainService, PreviewService, RouteJudge],
})
export class PreviewModule {}
