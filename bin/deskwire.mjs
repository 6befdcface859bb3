#!/usr/bin/env node
// `deskwire COMMAND`: everything that can be done from a shell. The npm scripts of the same names call it as well.
import { buildIfStale } from '../scripts/build-if-stale.mjs';

buildIfStale();
const { runCommand } = await import('../dist/src/command/run-command.js');
const exitCode = await runCommand(process.argv.slice(2));
if (exitCode !== undefined) process.exitCode = exitCode;
