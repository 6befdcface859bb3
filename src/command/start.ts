import type { Command } from './command.js';
import { readArguments } from './read-arguments.js';

const usage = `Usage: deskwire start

Starts the gateway and runs until SIGTERM or SIGINT. What it is to do is said by the environment, or by a .env file in the
working directory: .env.example lists every variable. Without DATABASE_URL it starts a PostgreSQL of its own in DATA_DIR
(./data); ROLE=api takes webhooks, ROLE=worker delivers, ROLE=all, the default, does both. Migrations are run first.
`;

export const start: Command = {
  usage,
  async run(args) {
    readArguments(args, {});
    // It starts by being loaded, and says itself what keeps it from starting.
    await import('../main.js');
    return undefined;
  },
};
