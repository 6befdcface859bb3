import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { logWatch } from './log-watch.js';

/** A span as it was exported. */
export interface ExportedSpan {
  name: string;
  /** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  traceId: string;
  id: string;
  parentId: string | undefined;
  attributes: Record<string, unknown>;
  /** What is said of the process. */
  resource: Record<string, unknown>;
  /** `traceId/spanId` of each. */
  links: string[];
  isError: boolean;
}

interface Export {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR = 2;

/** Takes traces as a collector does: OTLP over HTTP. What it was sent is searched for secrets, as logs are. */
export class TraceCollector {
  private readonly server: Server;
  readonly exports: Export[] = [];
  readonly spans: ExportedSpan[] = [];
  /** The status of its answers; undefined: it does not answer. */
  status: number | undefined = 200;
  private readonly waiting: ServerResponse[] = [];

  private constructor() {
    this.server = createServer((request, response) => {
      void this.take(request, response);
    });
  }

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    const { port } = this.server.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** The spans of a trace by their names; of equal names the last one. */
  trace(traceId: string): Record<string, ExportedSpan> {
    return Object.fromEntries(this.spans.filter((span) => span.traceId === traceId).map((span) => [span.name, span]));
  }

  /** Refuses what has not been answered. */
  refuseWaiting(): void {
    for (const response of this.waiting.splice(0)) response.writeHead(400).end();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    this.exports.push({ path: request.url ?? '', headers: request.headers, body });
    logWatch.write(body.toString('latin1'));
    if (request.headers['content-type'] === 'application/json') this.spans.push(...spansOf(body));
    if (this.status === undefined) this.waiting.push(response);
    else response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
  }
}

interface Value {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: Value[] };
}

type Attributes = { key: string; value: Value }[];

interface OtlpSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Attributes;
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
}

interface Otlp {
  resourceSpans: { resource: { attributes: Attributes }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function spansOf(body: Buffer): ExportedSpan[] {
  const { resourceSpans } = JSON.parse(body.toString('utf8')) as Otlp;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(span, attributesOf(resource.attributes)))),
  );
}

function toSpan(span: OtlpSpan, resource: Record<string, unknown>): ExportedSpan {
  return {
    name: span.name,
    kind: KINDS[span.kind] ?? 'internal',
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId,
    attributes: attributesOf(span.attributes),
    resource,
    links: (span.links ?? []).map(({ traceId, spanId }) => `${traceId}/${spanId}`),
    isError: span.status?.code === ERROR,
  };
}

function attributesOf(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf({ stringValue, intValue, doubleValue, boolValue, arrayValue }: Value): unknown {
  const number = intValue === undefined ? undefined : Number(intValue);
  return stringValue ?? number ?? doubleValue ?? boolValue ?? arrayValue?.values.map(valueOf);
}
