import { USAGE } from '../access/command/keys-arguments.js';
import type { Command } from './command.js';

export const keys: Command = {
  usage: USAGE,
  async run(args) {
    const { keysCommand } = await import('../access/command/keys-command.js');
    return keysCommand(args);
  },
};
