// `npm run bench [-- NAME …]`: measurements on this machine, over loopback alone.
import { buildIfStale } from './build-if-stale.mjs';

buildIfStale();
const { runBenches } = await import('../dist/bench/run-benches.js');
process.exitCode = await runBenches(process.argv.slice(2));
