import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProvidersModule } from '../providers/providers.module.js';
import { Source } from './source.entity.js';
import { SourceDirectory } from './source-directory.js';
import { SourceGate } from './source-gate.js';
import { SourceRules } from './source-rules.js';
import { SourceVault } from './source-vault.js';
import { SourceViews } from './source-views.js';
import { SourceWatch } from './source-watch.js';
import { SourcesController } from './sources.controller.js';
import { SourcesService } from './sources.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Source]), ProvidersModule],
  controllers: [SourcesController],
  providers: [SourcesService, SourceDirectory, SourceGate, SourceRules, SourceVault, SourceViews, SourceWatch],
  exports: [SourcesService, SourceDirectory, SourceGate, SourceRules, SourceVault],
})
export class SourcesModule {}
