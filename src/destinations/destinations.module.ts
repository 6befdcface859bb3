import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Destination } from './destination.entity.js';
import { DestinationDirectory } from './destination-directory.js';
import { DestinationsController } from './destinations.controller.js';
import { DestinationsService } from './destinations.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Destination])],
  controllers: [DestinationsController],
  providers: [DestinationsService, DestinationDirectory],
  exports: [DestinationsService, DestinationDirectory],
})
export class DestinationsModule {}
