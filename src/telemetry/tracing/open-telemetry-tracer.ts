import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type Link,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind as SdkSpanKind,
  SpanStatusCode,
  trace,
  type Tracer as SdkTracer,
} from '@opentelemetry/api';
import { parseKeyPairsIntoRecord, parseTraceParent } from '@opentelemetry/core';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import {
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import packageDescription from '../../../package.json';
import type { Clock } from '../../clock/clock.js';
import { within } from '../../clock/within.js';
import type { Environment } from '../../config/environment.js';
import { collectorExporter } from './collector-exporter.js';
import { type TraceLog, WatchedExporter } from './watched-exporter.js';
import { samplerOf } from './sampler-of.js';
import type { Facts, Span, SpanKind, SpanStart, Tracer } from './tracer.js';

/** What is left at the end has so long to be exported: within the 25 s that a stop may take, after all that matters more. */
const FLUSH_LIMIT_MS = 3_000;

const KINDS: Record<SpanKind, SdkSpanKind> = {
  server: SdkSpanKind.SERVER,
  client: SdkSpanKind.CLIENT,
  consumer: SdkSpanKind.CONSUMER,
  internal: SdkSpanKind.INTERNAL,
};

/** @returns a tracer over OpenTelemetry's SDK. Nothing global is set: no context is carried along behind anybody's back. */
export function openTelemetryTracer(environment: Environment, clock: Clock, log: TraceLog): Tracer {
  const provider = new TracerProvider({
    resource: resourceOf(environment),
    sampler: samplerOf(environment),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new WatchedExporter(collectorExporter(environment), clock, log),
        scheduledDelayMillis: environment.OTEL_BSP_SCHEDULE_DELAY,
        maxQueueSize: environment.OTEL_BSP_MAX_QUEUE_SIZE,
        maxExportBatchSize: environment.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
        exportTimeoutMillis: environment.OTEL_BSP_EXPORT_TIMEOUT,
      }),
    ],
  });
  return new OpenTelemetryTracer(provider, clock);
}

class OpenTelemetryTracer implements Tracer {
  private readonly tracer: SdkTracer;

  constructor(
    private readonly provider: TracerProvider,
    private readonly clock: Clock,
  ) {
    this.tracer = provider.getTracer(packageDescription.name, packageDescription.version);
  }

  begin(name: string, start: SpanStart, parent?: string): Span | undefined {
    const remote = parent === undefined ? null : parseTraceParent(parent);
    const context = remote ? trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true }) : ROOT_CONTEXT;
    const span = this.tracer.startSpan(name, optionsOf(start), context);
    return span.isRecording() ? new OpenTelemetrySpan(span, this.tracer) : undefined;
  }

  async stop(): Promise<void> {
    // Who watches the exports has said what went wrong.
    await within(
      this.clock,
      FLUSH_LIMIT_MS,
      this.provider.shutdown().catch(() => undefined),
    );
  }
}

class OpenTelemetrySpan implements Span {
  constructor(
    private readonly span: SdkSpan,
    private readonly tracer: SdkTracer,
  ) {}

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  begin(name: string, start: SpanStart): Span {
    const context = trace.setSpan(ROOT_CONTEXT, this.span);
    return new OpenTelemetrySpan(this.tracer.startSpan(name, optionsOf(start), context), this.tracer);
  }

  end(facts: Facts = {}, error?: string): void {
    this.span.setAttributes(facts);
    if (error !== undefined) this.span.setAttribute(ATTR_ERROR_TYPE, error).setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

function optionsOf({ kind, facts = {}, links = [] }: SpanStart): Parameters<SdkTracer['startSpan']>[1] {
  return { kind: KINDS[kind], attributes: facts, ...(links.length > 0 && { links: links.flatMap(linkTo) }) };
}

function linkTo(traceparent: string): Link[] {
  const context = parseTraceParent(traceparent);
  return context ? [{ context: { ...context, isRemote: true } }] : [];
}

/** https://opentelemetry.io/docs/specs/semconv/resource/; what the operator says of this process wins. */
function resourceOf({ OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, ROLE }: Environment): Resource {
  const own = {
    [ATTR_SERVICE_NAME]: OTEL_SERVICE_NAME,
    [ATTR_SERVICE_VERSION]: packageDescription.version,
    [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid,
    'deskwire.role': ROLE,
  };
  const given = parseKeyPairsIntoRecord(OTEL_RESOURCE_ATTRIBUTES);
  return defaultResource().merge(resourceFromAttributes({ ...own, ...given }));
}
