import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProvidersModule } from '../providers/providers.module.js';
import { Source } from './source.entity.js';
import { SourceDirectory } from './source-directory.js';
import { SourcesController } from './sources.controller.js';
import { SourcesService } from './sources.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Source]), ProvidersModule],
  controllers: [SourcesController],
  providers: [SourcesService, SourceDirectory],
  exports: [SourcesService, SourceDirectory],
})
export class SourcesModule {}
