import { COMMANDS } from './commands.js';
import { UsageError } from './usage-error.js';

const FAILED = 1;
const BAD_USAGE = 2;

/** @returns what `deskwire --help` prints */
export function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `Usage: deskwire COMMAND [ARGUMENTS]\n\n${lines.join('')}\ndeskwire COMMAND --help tells more of each.\n`;
}

/**
 * Does what `deskwire` was called for.
 *
 * @param args what stands behind `deskwire`
 * @returns the exit code: 0, 1 for a failure, 2 for bad usage; undefined where the process lives on by itself
 */
export async function runCommand(args: readonly string[]): Promise<number | undefined> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview());
    return 0;
  }
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry === undefined) {
    process.stderr.write(name === undefined ? overview() : `There is no command "${name}".\n\n${overview()}`);
    return BAD_USAGE;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.usage);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\nHow to use it: deskwire ${entry.name} --help\n`);
      return BAD_USAGE;
    }
    // Not loaded before it is needed: it knows half of the house.
    const { describeStartUpError } = await import('../start-up/start-up-error.js');
    process.stderr.write(`${describeStartUpError(error)}\n`);
    return FAILED;
  }
}
