import type { Clock } from '../../clock/clock.js';
import { DatabaseUnavailableError } from '../../database/database-unavailable.js';
import type { Facts, Span } from '../../telemetry/tracing/tracer.js';

/** A webhook's way through the common commit, as a part of its trace: how long it waited for its batch, and how large that was. */
export class CommitTrace {
  private readonly span: Span;
  private readonly since: number;
  private facts: Facts = {};

  constructor(webhook: Span, clock: Clock) {
    this.span = webhook.begin('commit', { kind: 'internal', facts: { 'db.system.name': 'postgresql' } });
    this.since = clock.steady();
  }

  /** It is being written, together with others. @param at by the steady clock */
  written(webhooks: number, at: number): void {
    this.facts = { 'deskwire.commit.webhooks': webhooks, 'deskwire.commit.waited_ms': at - this.since };
  }

  /** @param error why it could not be written */
  end(error?: unknown): void {
    if (error === undefined) this.span.end(this.facts);
    else this.span.end(this.facts, error instanceof DatabaseUnavailableError ? 'database_unavailable' : 'refused');
  }
}
