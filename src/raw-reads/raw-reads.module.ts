import { Module } from '@nestjs/common';
import { RawReadsController } from './raw-reads.controller.js';
import { RawReads } from './raw-reads.service.js';

@Module({ controllers: [RawReadsController], providers: [RawReads], exports: [RawReads] })
export class RawReadsModule {}
