import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type Tracer, Tracing } from './tracer.js';

/** Hands every room what it traces with. */
@Global()
@Module({})
export class TracingModule {
  static register(tracer: Tracer | undefined): DynamicModule {
    return {
      module: TracingModule,
      providers: [{ provide: Tracing, useValue: new Tracing(tracer) }],
      exports: [Tracing],
    };
  }
}
