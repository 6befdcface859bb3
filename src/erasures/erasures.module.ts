import { Module } from '@nestjs/common';
import { ErasureLock } from './erasure-lock.js';
import { ErasuresController } from './erasures.controller.js';
import { Erasures } from './erasures.service.js';

@Module({ controllers: [ErasuresController], providers: [Erasures, ErasureLock] })
export class ErasuresModule {}
