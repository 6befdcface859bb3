import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import type { Problem } from './problem.js';

type Listener = (request: FastifyRequest, problem: Problem) => void;

/** Counts what was answered with a problem, and tells rooms that count more closely. */
@Injectable()
export class AnsweredProblems {
  private readonly listeners: Listener[] = [];
  private readonly counter: Counter<'code' | 'status'>;

  constructor(metrics: Metrics) {
    this.counter = new Counter({
      name: 'deskwire_problems_total',
      help: 'Requests that were answered with a problem document, by its code. internal_error: a fault of ours.',
      labelNames: ['code', 'status'],
      registers: [metrics],
    });
    // Begins at 0, so that the first one is seen as an increase.
    this.counter.inc({ code: 'internal_error', status: 500 }, 0);
  }

  onProblem(listener: Listener): void {
    this.listeners.push(listener);
  }

  tell(request: FastifyRequest, problem: Problem): void {
    this.count(problem);
    for (const listener of this.listeners) listener(request, problem);
  }

  /** Of one that was answered without a request of Fastify's. */
  count(problem: Problem): void {
    this.counter.inc({ code: problem.code, status: problem.getStatus() });
  }
}
