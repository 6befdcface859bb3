// `npm run keys -- create|list|revoke`: API keys for whoever has a shell, and the database that the environment names.
import { buildIfStale } from './build-if-stale.mjs';

buildIfStale();
const { keysCommand } = await import('../dist/src/access/command/keys-command.js');
process.exitCode = await keysCommand(process.argv.slice(2));
