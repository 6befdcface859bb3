import type { Command } from './command.js';
import { readArguments } from './read-arguments.js';

const usage = `Usage: deskwire demo

Starts a gateway of its own with its own PostgreSQL in a temporary directory, posts one real webhook of each helpdesk to it,
prints the messages that come out, and cleans up. Nothing leaves this machine. It needs the sources, whose fixtures it posts,
and the embedded PostgreSQL; the container image has neither.
`;

export const demo: Command = {
  usage,
  async run(args) {
    readArguments(args, {});
    const { runDemo } = await import('../demo/run-demo.js');
    return runDemo();
  },
};
