/**
 * What a span says of what it stands for. Names of ours begin with `deskwire.`, others are those of
 * https://opentelemetry.io/docs/specs/semconv/
 */
export type Facts = Readonly<Record<string, string | number | boolean | string[] | undefined>>;

/** `server`: answers a request; `client`: makes one; `consumer`: works on a message; `internal`: neither. */
export type SpanKind = 'server' | 'client' | 'consumer' | 'internal';

/** What there is to say when a span begins. */
export interface SpanStart {
  kind: SpanKind;
  facts?: Facts;
  /** Contexts of others that it belongs with, as W3C Trace Context writes them. */
  links?: readonly string[];
}

/** A piece of work in a trace. It is kept once it has ended. */
export interface Span {
  readonly traceId: string;
  /** Itself, as W3C Trace Context writes it: https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent: string;
  /** Begins a piece of this work. */
  begin(name: string, start: SpanStart): Span;
  /** @param error what went wrong, in a word that stays the same: it failed */
  end(facts?: Facts, error?: string): void;
}

/** Begins traces, or goes on with what others have begun. */
export interface Tracer {
  /**
   * @param parent the `traceparent` that came with what is begun; one that is none is ignored
   * @returns undefined where the trace is not kept
   */
  begin(name: string, start: SpanStart, parent?: string): Span | undefined;
  /** Exports what is left, for a few seconds at most. Nothing is begun afterwards. */
  stop(): Promise<void>;
}

/** What this process traces with; nothing where it does not. Spans are handed on by hand: docs/adr/0018. */
export class Tracing {
  constructor(readonly tracer: Tracer | undefined) {}
}
