import { parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Environment } from '../../config/environment.js';

/** Below what is given for all kinds of telemetry: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
const TRACES_PATH = 'v1/traces';

/**
 * @param environment in which traces are exported
 * @returns what sends spans to the collector. It does so by connections of its own: its address is the operator's, whom
 *   nothing is kept from.
 */
export function collectorExporter(environment: Environment): SpanExporter {
  const headers = {
    ...parseKeyPairsIntoRecord(environment.OTEL_EXPORTER_OTLP_HEADERS),
    ...parseKeyPairsIntoRecord(environment.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
  };
  const protocol = environment.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  return new Exporter({ url: addressOf(environment), headers });
}

function addressOf({ OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own }: Environment): string {
  return own ?? `${(all ?? '').replace(/\/$/, '')}/${TRACES_PATH}`;
}
