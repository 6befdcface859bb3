import type { Command } from './command.js';
import { readArguments } from './read-arguments.js';

const usage = `Usage: deskwire migrate [--revert]

Brings the schema of the database up to date. The gateway does so itself when it starts; run it before where that may take
long, or where the gateway's role may not. Several at once wait for each other.

--revert   undoes the latest migration, with the data that only it has a place for

It works on DATABASE_DIRECT_URL, else on DATABASE_URL, else on the embedded database of DATA_DIR, which must not be in use.
`;

export const migrate: Command = {
  usage,
  async run(args) {
    const { values } = readArguments(args, { revert: { type: 'boolean' } });
    const { migrateCommand } = await import('../database/migrate-command.js');
    return migrateCommand(values.revert === true ? 'revert' : 'run');
  },
};
