import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SourcesModule } from '../sources/sources.module.js';
import { ConfigAsCodeController } from './config-as-code.controller.js';
import { ConfigAsCodeService } from './config-as-code.service.js';
import { DestinationsPart } from './destinations-part.js';
import { RoutesPart } from './routes-part.js';
import { SourcesPart } from './sources-part.js';

@Module({
  imports: [SourcesModule, DestinationsModule, RoutesModule],
  controllers: [ConfigAsCodeController],
  providers: [ConfigAsCodeService, SourcesPart, DestinationsPart, RoutesPart],
})
export class ConfigAsCodeModule {}
