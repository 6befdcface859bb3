// `npm run chaos [-- --seed NUMBER --kills NUMBER --processes 1|3 --short]`: kills under load, and counts.
import { buildIfStale } from './build-if-stale.mjs';

buildIfStale();
const { runChaos } = await import('../dist/chaos/run-chaos.js');
process.exitCode = await runChaos(process.argv.slice(2));
