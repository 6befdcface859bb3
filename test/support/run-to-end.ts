/**
 * So much of the processor's time only a hang takes: what a test shows to be bounded takes a hundredth of it, and without
 * its bound minutes at least. Speed itself is for `bench/`.
 */
const HANG_MS = 20_000;

/**
 * Runs what hostile input must not make hang. Measured is the time of this process on the processor, which passes no
 * faster on a busy machine.
 *
 * @returns what `work` returns
 * @throws an Error when it took as long as only a hang does
 */
export function runToEnd<Value>(work: () => Value): Value {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  const tookMs = Math.round((user + system) / 1_000);
  if (tookMs > HANG_MS) throw new Error(`Took ${tookMs} ms of the processor: a gateway would have hung.`);
  return value;
}
