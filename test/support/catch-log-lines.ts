import { Logger } from '@nestjs/common';

/** @returns what is logged from now on, as it comes; until `jest.restoreAllMocks()` it goes nowhere else */
export function catchLogLines(): string[] {
  const lines: string[] = [];
  for (const level of ['log', 'warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((...[facts, words]: unknown[]) => {
      lines.push(typeof facts === 'string' ? facts : `${String(words)}: ${String((facts as { err: unknown }).err)}`);
    });
  }
  return lines;
}
