import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../clock/clock.js';

/** A collector that is away is spoken of no more often. */
const SAY_AGAIN_MS = 300_000;

/** What is said of exports. */
export interface TraceLog {
  log(message: string): void;
  warn(facts: object, message: string): void;
}

/** Says of an exporter that it does not get through, once in a while, and when it does again. */
export class WatchedExporter implements SpanExporter {
  private lost = 0;
  private isAway = false;
  private saidAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly clock: Clock,
    private readonly log: TraceLog,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      if (result.code === ExportResultCode.SUCCESS) this.arrived();
      else this.failed(spans.length, result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  private arrived(): void {
    if (this.isAway) this.log.log('the collector takes traces again');
    this.isAway = false;
  }

  private failed(spans: number, error: Error | undefined): void {
    this.isAway = true;
    this.lost += spans;
    const now = this.clock.steady();
    if (now - this.saidAt < SAY_AGAIN_MS) return;
    this.saidAt = now;
    this.log.warn({ err: error, spans: this.lost }, 'the collector does not take traces; they are lost meanwhile');
    this.lost = 0;
  }
}
