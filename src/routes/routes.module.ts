import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { Route, RouteRevision } from './route.entity.js';
import { RouteTable } from './route-table.js';
import { RoutesController } from './routes.controller.js';
import { RoutesService } from './routes.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Route, RouteRevision]), DestinationsModule],
  controllers: [RoutesController],
  providers: [RoutesService, RouteTable],
  exports: [RoutesService, RouteTable],
})
export class RoutesModule {}
