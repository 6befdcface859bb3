import { FAILURE_REASONS } from '../notifiers/notifier.js';
import { Circuit } from './circuit.js';

const at = (seconds: number): Date => new Date(seconds * 1_000);

/** @returns what the circuit said to each of the failures. */
function fail(circuit: Circuit, seconds: readonly number[]): boolean[] {
  return seconds.map((second) => circuit.failed(at(second)));
}

describe('Circuit', () => {
  it('opens at five failures in a row over half a minute', () => {
    expect(fail(new Circuit(), [100, 105, 110, 120, 130])).toEqual([false, false, false, false, true]);
  });

  it('stays closed when five failures come at once, and opens when they go on', () => {
    expect(fail(new Circuit(), [0, 0, 0, 0, 0, 29.9, 30])).toEqual([false, false, false, false, false, false, true]);
  });

  it('stays closed for four failures, however long they take', () => {
    expect(fail(new Circuit(), [0, 60, 600, 6_000])).toEqual([false, false, false, false]);
  });

  it('begins anew with any answer in between', () => {
    const circuit = new Circuit();
    fail(circuit, [0, 10, 20, 25]);
    circuit.answered();
    expect(fail(circuit, [30, 31, 32, 33, 59, 60])).toEqual([false, false, false, false, false, true]);
  });

  it('concerns what speaks of the server, not of one message or the account', () => {
    expect(FAILURE_REASONS.filter((reason) => Circuit.concerns(reason))).toEqual([
      'timeout',
      'network',
      'server_error',
    ]);
  });
});
