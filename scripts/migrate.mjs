// `npm run migrate` and `npm run migrate:revert`, for the database that the environment names.
import { buildIfStale } from './build-if-stale.mjs';

buildIfStale();
const { migrateCommand } = await import('../dist/src/database/migrate-command.js');
process.exitCode = await migrateCommand(process.argv[2]);
