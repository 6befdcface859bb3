import { Module } from '@nestjs/common';
import { GrooveAdapter } from './groove.adapter.js';

@Module({ providers: [GrooveAdapter], exports: [GrooveAdapter] })
export class GrooveModule {
  static readonly adapter = GrooveAdapter;
}
