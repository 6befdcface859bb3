import type { ChaosZulip } from './chaos-zulip.js';
import type { Cluster } from './cluster.js';
import type { HavocCounts } from './havoc.js';
import type { Installation } from './installation.js';
import type { Load } from './load.js';
import type { PhaseName } from './options.js';
import { type LogCounts, readCounts, readEntries, readStory } from './read-log.js';
import { judge, type LogEntry, type Offences } from './verdict.js';

/** Of long lists of offences, so many are shown. */
const MOST_SHOWN = 20;

/** What a phase came to; printed as it is. */
export interface PhaseReport {
  phase: PhaseName;
  /** All promises were kept. */
  kept: boolean;
  seconds: number;
  drain_seconds: number;
  havoc: HavocCounts;
  failed_starts: number;
  webhooks: { accepted: number; answers: Record<string, number> };
  log: LogCounts;
  zulip: {
    requests: number;
    faults: ChaosZulip['faults'];
    messages: number;
    /** Messages of more than one webhook. */
    joined: number;
    /** Between two messages, while there was load. */
    longest_gap_s: number;
  };
  offences: Record<string, { count: number; first: string[] }>;
  /** All that is known of the first offender. */
  story?: object;
}

/** What went on before the counting. */
export interface PhaseRun {
  phase: PhaseName;
  installation: Installation;
  load: Load;
  havoc: HavocCounts;
  startedAt: number;
  loadEndedAt: number;
  drainedAt: number;
}

/** Counts at the Zulip server and in the log. The database must be up. */
export async function reportPhase(run: PhaseRun): Promise<PhaseReport> {
  const { installation, load } = run;
  const { zulip, cluster, gateways } = installation;
  const [entries, log] = await cluster.connected(async (client) => [
    await readEntries(client),
    await readCounts(client),
  ]);
  const messages = zulip.messages();
  const offences = {
    ...judge({ accepted: load.accepted, log: entries, messages }),
    refused: load.refused,
    died_by_itself: gateways.flatMap(({ deaths }) => deaths),
  };
  const kept = Object.values(offences).every((list) => list.length === 0);
  const story = kept ? undefined : await tellStory(offences, entries, zulip, cluster);
  return {
    phase: run.phase,
    kept,
    seconds: seconds(run.drainedAt - run.startedAt),
    drain_seconds: seconds(run.drainedAt - run.loadEndedAt),
    havoc: run.havoc,
    failed_starts: gateways.reduce((sum, { failedStarts }) => sum + failedStarts, 0),
    webhooks: { accepted: load.accepted.length, answers: load.answers },
    log,
    zulip: {
      requests: zulip.sendRequests.length,
      faults: zulip.faults,
      messages: messages.length,
      joined: messages.filter(({ markers }) => markers.length > 1).length,
      longest_gap_s: seconds(longestGap(messages.map(({ at }) => at.getTime()).filter((at) => at <= run.loadEndedAt))),
    },
    offences: Object.fromEntries(
      Object.entries(offences).map(([kind, list]) => [kind, { count: list.length, first: list.slice(0, MOST_SHOWN) }]),
    ),
    ...(story && { story }),
  };
}

/** @returns all that is known of the first marker with which something is wrong, doubles and losses before the rest */
async function tellStory(
  { doubled, lost, ...rest }: Offences,
  entries: readonly LogEntry[],
  zulip: ChaosZulip,
  cluster: Cluster,
): Promise<object | undefined> {
  const marker = [doubled, lost, ...Object.values(rest)].flat()[0];
  if (marker === undefined) return undefined;
  const holdsIt = ({ markers }: { markers: string[] }): boolean => markers.includes(marker);
  const eventIds = entries.filter((entry) => entry.marker === marker).map(({ eventId }) => eventId);
  return {
    marker,
    requests: zulip.sendRequests.filter(holdsIt),
    messages: zulip.messages().filter(holdsIt),
    log: await cluster.connected((client) => readStory(client, eventIds)),
  };
}

function longestGap(times: readonly number[]): number {
  let longest = 0;
  for (const [index, time] of times.entries()) longest = Math.max(longest, time - (times[index - 1] ?? time));
  return longest;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
