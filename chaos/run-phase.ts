import { Havoc } from './havoc.js';
import { Installation } from './installation.js';
import { Load } from './load.js';
import type { PhaseSettings } from './phase-settings.js';
import { type PhaseReport, type PhaseRun, reportPhase } from './phase-report.js';
import type { Random } from './random.js';
import { countOpen } from './read-log.js';
import { planSteps } from './steps.js';
import { waitFor } from './wait-for.js';
import { FaultPlan } from './zulip-faults.js';

/** Doubts are settled 13 s after their attempt, and the next message of the lane may meet a fault again. */
const LONGEST_DRAIN_MS = 180_000;
const REPORT_EVERY_KILLS = 10;

/**
 * Starts an installation, puts load on it while it is wrecked, lets it come to rest, and counts. Whatever was started has
 * ended afterwards; its files are kept where a promise was not.
 *
 * @throws what ended the run early
 */
export async function runPhase(settings: PhaseSettings, random: Random, outer: AbortSignal): Promise<PhaseReport> {
  const ending = new AbortController();
  const limit = setTimeout(() => {
    ending.abort(new Error(`Phase ${settings.name} took longer than ${settings.limitMs / 1_000} s.`));
  }, settings.limitMs);
  const signal = AbortSignal.any([outer, ending.signal]);
  const faults = new FaultPlan(random.stream('zulip'), settings.mostLateAnswers);
  const installation = await Installation.prepare(settings.name, faults);
  let keepsFiles = false;
  try {
    await installation.start(signal);
    const run = await wreck(installation, settings, random, signal, ending);
    const report = await reportPhase(run);
    keepsFiles = !report.kept;
    return report;
  } catch (error) {
    keepsFiles = !outer.aborted;
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(limit);
    await installation.stop();
    if (keepsFiles) say(`The files of phase ${settings.name} are kept in ${installation.files}.`);
    else installation.removeFiles();
  }
}

async function wreck(
  installation: Installation,
  settings: PhaseSettings,
  random: Random,
  signal: AbortSignal,
  ending: AbortController,
): Promise<PhaseRun> {
  const { gateways, cluster, urls, hookPaths, zulip } = installation;
  const startedAt = Date.now();
  const load = new Load({ random: random.stream('load'), perSecond: settings.webhooksPerSecond, urls, hookPaths });
  const placing = load.run(signal);
  placing.catch((error: unknown) => {
    ending.abort(error);
  });
  const havoc = new Havoc(gateways, cluster);
  await havoc.wreak(planSteps(random.stream('steps'), settings, gateways.length), signal, (kills) => {
    if (kills % REPORT_EVERY_KILLS !== 0) return;
    const messages = zulip.messages().length;
    say(`  ${kills} of ${settings.kills} kills, ${load.accepted.length} webhooks accepted, ${messages} messages`);
  });
  load.stop();
  await placing;
  const loadEndedAt = Date.now();
  await installation.allReady(signal);
  const isDrained = async (): Promise<boolean> =>
    // While the database recovers, nobody can say.
    (await cluster.connected(countOpen).catch(() => undefined)) === 0;
  // What is left after that is among the offences.
  await waitFor(isDrained, LONGEST_DRAIN_MS, signal);
  return {
    phase: settings.name,
    installation,
    load,
    havoc: havoc.counts,
    startedAt,
    loadEndedAt,
    drainedAt: Date.now(),
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
