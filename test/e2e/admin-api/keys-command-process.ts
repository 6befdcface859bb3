import { type CommandResult, runCommandProcess } from '../../support/command-process.js';

/** Runs `deskwire keys …` in a process of its own, away from any .env. */
export function runKeysCommand(environment: Record<string, string>, ...args: string[]): Promise<CommandResult> {
  return runCommandProcess(environment, 'keys', ...args);
}
