// `npm start`: one process, so that signals reach the gateway itself.
import { buildIfStale } from './build-if-stale.mjs';

buildIfStale();
await import('../dist/src/main.js');
