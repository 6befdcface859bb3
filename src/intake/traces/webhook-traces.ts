import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '../../database/database-unavailable.js';
import { Problem } from '../../http/problem.js';
import type { ActiveSource } from '../../sources/source-directory.js';
import { type Facts, type Span, Tracing } from '../../telemetry/tracing/tracer.js';
import type { InboundCall } from '../inbound-call.js';
import type { IntakeResult } from '../intake.service.js';
import { toProblem } from '../to-problem.js';

/** Of a 5xx: whatever else is answered, the sender's fault is not the server's (semantic conventions for HTTP spans). */
const OURS = 500;

/**
 * Traces webhooks from when they have been read to their answer, going on with the trace that they come with. Addresses are
 * shown as the router knows them, since those of hooks hold their tokens.
 */
@Injectable()
export class WebhookTraces {
  constructor(private readonly tracing: Tracing) {}

  /**
   * Has a webhook taken within a span.
   *
   * @param take gets the span, where there is one
   * @param tell what there is to say of what came of it
   */
  follow<Result>(
    { endpoint, headers }: InboundCall,
    source: ActiveSource,
    take: (trace: Span | undefined) => Promise<Result>,
    tell: (result: Result) => Facts,
  ): Promise<Result> {
    const { tracer } = this.tracing;
    if (!tracer) return take(undefined);
    const { provider, id } = source;
    const { method, route } = endpoint;
    const facts = {
      'http.request.method': method,
      'http.route': route,
      'deskwire.provider': provider,
      'deskwire.source.id': id,
    };
    const name = `${method} ${route.replace(':provider/:token', provider)}`;
    const span = tracer.begin(name, { kind: 'server', facts }, headers['traceparent']);
    return span ? finish(span, take(span), tell) : take(undefined);
  }
}

/** What became of a webhook that was taken. @param status as it is answered */
export function factsOfResult(result: IntakeResult, status: number): Facts {
  const facts = { 'http.response.status_code': status, 'deskwire.outcome': result.kind };
  if (result.kind === 'accepted') {
    return { ...facts, 'deskwire.event.ids': result.eventIds, 'deskwire.deliveries': result.deliveries };
  }
  return result.kind === 'duplicate' ? { ...facts, 'deskwire.event.ids': [result.eventId] } : facts;
}

async function finish<Result>(span: Span, work: Promise<Result>, tell: (result: Result) => Facts): Promise<Result> {
  try {
    const result = await work;
    span.end(tell(result));
    return result;
  } catch (error) {
    const { status, code } = answerTo(error);
    const facts = { 'http.response.status_code': status, 'deskwire.outcome': code };
    span.end(facts, status >= OURS ? code : undefined);
    throw error;
  }
}

function answerTo(error: unknown): { status: number; code: string } {
  const problem = toProblem(error);
  if (problem instanceof Problem) return { status: problem.getStatus(), code: problem.code };
  if (problem instanceof DatabaseUnavailableError) return { status: 503, code: 'database_unavailable' };
  return { status: 500, code: 'internal_error' };
}
