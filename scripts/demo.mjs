// `npm run demo`
import { buildIfStale } from './build-if-stale.mjs';

buildIfStale();
const { runDemo } = await import('../dist/src/demo/run-demo.js');
process.exitCode = await runDemo();
