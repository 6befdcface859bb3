import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotifiersModule } from '../notifiers/notifiers.module.js';
import { RevisionBook } from './revision-book.js';
import { RevisionsController } from './revisions.controller.js';
import { Route, RouteRevision } from './route.entity.js';
import { RouteEditor } from './route-editor.js';
import { RouteTable } from './route-table.js';
import { RoutesController } from './routes.controller.js';
import { RoutesService } from './routes.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Route, RouteRevision]), NotifiersModule],
  controllers: [RevisionsController, RoutesController],
  providers: [RevisionBook, RouteEditor, RoutesService, RouteTable],
  exports: [RevisionBook, RoutesService, RouteTable],
})
export class RoutesModule {}
