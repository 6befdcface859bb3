import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import type { KeptGateway } from './kept-gateway.js';
import type { Step } from './steps.js';
import { waitFor } from './wait-for.js';

/** In which somebody comes up who can be killed. */
const LONGEST_SEARCH_MS = 60_000;

/** What was really done. */
export interface HavocCounts {
  gateway_kills: number;
  /** Of these, before the gateway was ready. */
  while_starting: number;
  postgres_kills: number;
  pauses: number;
}

/** Carries out a plan against a running installation. */
export class Havoc {
  readonly counts: HavocCounts = { gateway_kills: 0, while_starting: 0, postgres_kills: 0, pauses: 0 };
  private readonly pauses: Promise<void>[] = [];

  /** @param gateways at least one more than are paused at once */
  constructor(
    private readonly gateways: readonly KeptGateway[],
    private readonly cluster: Cluster,
  ) {}

  /**
   * Resolves when all is done and nobody is paused any more.
   *
   * @param onKill is told how many kills there were
   */
  async wreak(steps: readonly Step[], signal: AbortSignal, onKill: (kills: number) => void): Promise<void> {
    for (const step of steps) {
      await this.carryOut(step, signal);
      if (step.act !== 'pause gateway') onKill(this.counts.gateway_kills + this.counts.postgres_kills);
    }
    await Promise.all(this.pauses);
  }

  private async carryOut(step: Step, signal: AbortSignal): Promise<void> {
    const victim = await this.findVictim(step.victim, signal);
    if (step.waitsForStart) await victim.ready(signal);
    await sleep(step.afterMs, undefined, { signal });
    switch (step.act) {
      case 'kill gateway':
        this.counts.gateway_kills += 1;
        if (victim.kill()) this.counts.while_starting += 1;
        break;
      case 'kill postgres':
        await this.cluster.kill(signal);
        this.counts.postgres_kills += 1;
        break;
      case 'pause gateway':
        this.counts.pauses += 1;
        this.pauses.push(victim.pause(step.pauseMs, signal));
    }
  }

  /** @returns the gateway of that number, or the next one that is neither down nor paused */
  private async findVictim(index: number, signal: AbortSignal): Promise<KeptGateway> {
    const inOrder = [...this.gateways.slice(index), ...this.gateways.slice(0, index)];
    let victim: KeptGateway | undefined;
    const isFound = (): boolean => (victim = inOrder.find((gateway) => gateway.isRunning)) !== undefined;
    await waitFor(isFound, LONGEST_SEARCH_MS, signal);
    if (!victim) throw new Error('No gateway came up for a minute.');
    return victim;
  }
}
