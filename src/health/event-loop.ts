import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EventLoopView } from './health.dto.js';

/** Often enough to see what a person would. */
const LOOK_EVERY_MS = 20;
const NANOSECONDS_PER_MS = 1e6;

/** How late the event loop is. Measured from the first time that somebody asks, each time for the time since. */
@Injectable()
export class EventLoop implements OnModuleDestroy {
  private delays: IntervalHistogram | undefined;

  read(): EventLoopView {
    if (!this.delays) {
      this.delays = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
      this.delays.enable();
      return { p50_ms: 0, p99_ms: 0, max_ms: 0 };
    }
    const { delays } = this;
    const inMs = (nanoseconds: number): number =>
      Math.round(Math.max(0, nanoseconds / NANOSECONDS_PER_MS - LOOK_EVERY_MS) * 1_000) / 1_000;
    const view = { p50_ms: inMs(delays.percentile(50)), p99_ms: inMs(delays.percentile(99)), max_ms: inMs(delays.max) };
    delays.reset();
    return view;
  }

  onModuleDestroy(): void {
    this.delays?.disable();
  }
}
