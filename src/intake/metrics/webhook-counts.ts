import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AnsweredProblems } from '../../http/answered-problems.js';
import type { Problem } from '../../http/problem.js';
import { Metrics } from '../../metrics/metrics.js';
import { Tally } from '../../metrics/tally.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { HOOK } from '../inbound-call.js';
import type { IntakeResult } from '../intake.service.js';

const INTEGRATION = /^\/api\/integrations\/webhook(\/batch)?$/;
/** The provider whose sources the integration endpoint is for. */
const INTEGRATION_PROVIDER = 'generic';
/** Whatever else stands in an address: anybody may write there what they like. */
const UNKNOWN = 'unknown';

/** What an operator is woken for: counted from 0, so that the first one is seen as an increase. */
const FAILURES: readonly (readonly [string, number])[] = [
  ['internal_error', 500],
  ['database_unavailable', 503],
  ['queue_full', 503],
  ['stopping', 503],
];

/**
 * Counts webhooks by what they were answered: those that were taken where they are taken, all others where problems are
 * answered, wherever they came from.
 */
@Injectable()
export class WebhookCounts {
  private readonly tally: Tally;

  constructor(
    metrics: Metrics,
    private readonly problems: AnsweredProblems,
    private readonly providers: ProviderRegistry,
  ) {
    this.tally = new Tally(metrics, {
      name: 'deskwire_webhooks_total',
      help: 'Webhooks that were answered. outcome: accepted, duplicate, unsupported, filtered, or the code of the problem.',
      labelNames: ['provider', 'outcome', 'status'],
    });
    for (const { provider } of providers.list()) {
      for (const [code, status] of FAILURES) this.tally.begin(provider, code, status);
    }
    problems.onProblem((request, problem) => {
      const provider = this.providerOf(request);
      if (provider !== undefined) this.tally.add(provider, problem.code, problem.getStatus());
    });
  }

  /** Counts one that was answered with a 2xx. @param outcome or the code of what kept all of a batch from being taken */
  taken(provider: string, outcome: IntakeResult['kind'] | 'invalid_payload', status: number): void {
    this.tally.add(provider, outcome, status);
  }

  /** Counts one of a known provider that was refused before anything of it was read. */
  refused(provider: string, problem: Problem): void {
    this.problems.count(problem);
    this.tally.add(provider, problem.code, problem.getStatus());
  }

  /** @returns undefined for a request that is no webhook */
  private providerOf({ method, routeOptions: { url = '' }, params }: FastifyRequest): string | undefined {
    if (method !== 'POST') return undefined;
    if (INTEGRATION.test(url)) return INTEGRATION_PROVIDER;
    if (url !== HOOK.route) return undefined;
    const { provider } = params as { provider: string };
    return this.providers.get(provider) ? provider : UNKNOWN;
  }
}
