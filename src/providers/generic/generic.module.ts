import { Module } from '@nestjs/common';
import { GenericAdapter } from './generic.adapter.js';

@Module({ providers: [GenericAdapter], exports: [GenericAdapter] })
export class GenericModule {
  static readonly adapter = GenericAdapter;
}
