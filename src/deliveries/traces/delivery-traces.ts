import { Injectable } from '@nestjs/common';
import type { ActiveDestination } from '../../destinations/destination-directory.js';
import { Tracing } from '../../telemetry/tracing/tracer.js';
import { DestinationTraces } from './destination-traces.js';

/** Traces what this process delivers. */
@Injectable()
export class DeliveryTraces {
  constructor(private readonly tracing: Tracing) {}

  /** @returns what traces one destination's deliveries; undefined where nothing is traced */
  of(destination: ActiveDestination): DestinationTraces | undefined {
    const { tracer } = this.tracing;
    return tracer && new DestinationTraces(tracer, destination, destination.kind);
  }
}
