import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { within } from '../../clock/within.js';
import { ExpiringCache } from './expiring-cache.js';
import { type HelpdeskAccess, HelpdeskClient } from './helpdesk-client.js';
import { type Question, SourceLookUps } from './source-look-ups.js';

/** Somewhat less than the 2 s that a message waits for names: see `ProviderAdapter.enrich`. */
const LIMIT_MS = 1_900;
const MOST_SOURCES = 200;
/** Longer than anything of a source is remembered, or it is left alone. */
const SOURCE_KEPT_MS = 3_600_000;

/** What messages say although the webhook did not: asked of helpdesks' APIs, source by source. */
export class LookUps<Fact extends object> {
  private readonly bySource: ExpiringCache<SourceLookUps<Fact>>;

  constructor(
    private readonly client: HelpdeskClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.bySource = new ExpiringCache(clock, MOST_SOURCES);
  }

  /**
   * Never throws, and takes no longer than 1.9 s.
   *
   * @returns what could be learnt by then, in the order of the questions
   */
  async answer(
    sourceId: string,
    access: HelpdeskAccess,
    questions: readonly Question<Fact>[],
  ): Promise<(Fact | undefined)[]> {
    const source = this.of(sourceId, access);
    const until = this.clock.steady() + LIMIT_MS;
    const facts = questions.map(({ path }) => source.recall(path));
    const asking = questions.flatMap((question, index) =>
      facts[index] === undefined
        ? [
            source.ask(question, until).then((fact) => {
              facts[index] = fact;
            }),
          ]
        : [],
    );
    if (asking.length > 0) await within(this.clock, LIMIT_MS, Promise.all(asking));
    // A copy: what comes later is for the next event.
    return facts.map((fact) => fact ?? undefined);
  }

  /** Another address or token is another helpdesk, as far as we know. */
  private of(sourceId: string, access: HelpdeskAccess): SourceLookUps<Fact> {
    const known = this.bySource.get(sourceId);
    const source = known?.isFor(access)
      ? known
      : new SourceLookUps<Fact>(this.client, this.clock, access, (pauseMs, reason) => {
          this.logger.warn({ source_id: sourceId, pause_ms: pauseMs, reason }, 'a helpdesk is not asked for a while');
        });
    this.bySource.set(sourceId, source, SOURCE_KEPT_MS);
    return source;
  }
}

/** Gives each provider look-ups of its own, since each learns facts of its own kind. */
@Injectable()
export class LookUpDesk {
  constructor(
    private readonly client: HelpdeskClient,
    private readonly clock: Clock,
  ) {}

  /** @param provider as the log names it */
  open<Fact extends object>(provider: string): LookUps<Fact> {
    return new LookUps(this.client, this.clock, new Logger(`${provider} look-ups`));
  }
}
