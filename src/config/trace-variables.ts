import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsNumber, IsString, IsUrl, Max, Min, ValidateIf } from 'class-validator';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
/** `grpc` would take a client of its own, for what every collector takes over HTTP as well. */
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

/** A day: longer pauses are mistakes. */
const LONGEST_MS = 86_400_000;
const LONGEST_QUEUE = 1_000_000;

const COLLECTOR_ADDRESS = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };

const toNumber = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Number(value) : value));
/** Whatever else it says counts as no, as OpenTelemetry wants it. */
const toYesOrNo = Transform(({ value }: { value: unknown }) => value === true || /^true$/i.test(String(value)));

/**
 * These variables are set for all services of a cluster alike, also with what only others know: they are looked at where
 * traces are exported.
 */
const whenTraced = ValidateIf((variables: TraceVariables, value) => variables.exportsTraces() && value !== undefined);
const isCount = (most: number): PropertyDecorator => applyDecorators(whenTraced, toNumber, IsInt(), Min(1), Max(most));

/**
 * How traces are exported, by the names and with the defaults that OpenTelemetry gave these variables:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/,
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/. What else its exporter knows (time limit, compression,
 * certificates) it reads from the process's environment by itself.
 */
export class TraceVariables {
  /** Where a collector takes OTLP, traces at `/v1/traces` below it. Without it and the next one, nothing is traced. */
  @ValidateIf((_variables, value) => value !== undefined)
  @IsUrl(COLLECTOR_ADDRESS)
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Where it takes traces, in full. */
  @ValidateIf((_variables, value) => value !== undefined)
  @IsUrl(COLLECTOR_ADDRESS)
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string;

  /** What the collector wants to see: `name=value`, comma-separated, percent-encoded. */
  @whenTraced
  @IsString()
  OTEL_EXPORTER_OTLP_HEADERS?: string;

  @whenTraced
  @IsString()
  OTEL_EXPORTER_OTLP_TRACES_HEADERS?: string;

  @ValidateIf((own: TraceVariables) => own.exportsTraces() && own.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL === undefined)
  @IsIn(PROTOCOLS)
  OTEL_EXPORTER_OTLP_PROTOCOL: (typeof PROTOCOLS)[number] = 'http/protobuf';

  @whenTraced
  @IsIn(PROTOCOLS)
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL?: (typeof PROTOCOLS)[number];

  @whenTraced
  @IsString()
  @IsNotEmpty()
  OTEL_SERVICE_NAME = 'deskwire';

  /** What else is said of this process: `name=value`, comma-separated, percent-encoded. */
  @whenTraced
  @IsString()
  OTEL_RESOURCE_ATTRIBUTES?: string;

  @whenTraced
  @IsIn(SAMPLERS)
  OTEL_TRACES_SAMPLER: (typeof SAMPLERS)[number] = 'parentbased_always_on';

  /** The share of traces that is kept, by the samplers with a ratio. */
  @whenTraced
  @toNumber
  @IsNumber()
  @Min(0)
  @Max(1)
  OTEL_TRACES_SAMPLER_ARG = 1;

  /** Milliseconds between two exports. */
  @isCount(LONGEST_MS)
  OTEL_BSP_SCHEDULE_DELAY = 5_000;

  /** Spans that may wait to be exported; beyond that they are dropped. */
  @isCount(LONGEST_QUEUE)
  OTEL_BSP_MAX_QUEUE_SIZE = 2_048;

  @isCount(LONGEST_QUEUE)
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE = 512;

  /** Milliseconds after which an export is given up. */
  @isCount(LONGEST_MS)
  OTEL_BSP_EXPORT_TIMEOUT = 30_000;

  @toYesOrNo
  @IsBoolean()
  OTEL_SDK_DISABLED = false;

  /** @returns whether anything is traced */
  exportsTraces(): boolean {
    const endpoint = this.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? this.OTEL_EXPORTER_OTLP_ENDPOINT;
    return endpoint !== undefined && !this.OTEL_SDK_DISABLED;
  }

  /** @returns what the collector's headers hold, as it is written and as it is sent: keys, mostly */
  protected collectorSecrets(): string[] {
    const headers = [this.OTEL_EXPORTER_OTLP_HEADERS, this.OTEL_EXPORTER_OTLP_TRACES_HEADERS];
    const values = headers.flatMap((list) => (list ?? '').split(',').map((pair) => pair.replace(/^[^=]*=/, '').trim()));
    return values.flatMap((value) => (value === '' ? [] : [value, decoded(value)]));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
