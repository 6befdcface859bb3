// For child processes of tests: `node --import <this file> <file>.ts` runs our TypeScript without compiling it first.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire, register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync, version } from '@swc/core';

const require = createRequire(import.meta.url);
const options = require('./swc-options.cjs');

// Several processes of a run read the same files: compiled once, by content.
const cache = join(tmpdir(), 'deskwire-typescript');
mkdirSync(cache, { recursive: true });

Module._extensions['.ts'] = (module, filename) => {
  module._compile(compile(readFileSync(filename, 'utf8'), filename), filename);
};

function compile(source, filename) {
  const name = createHash('sha256')
    .update(JSON.stringify([options, version, filename, source]))
    .digest('hex');
  const cached = join(cache, name);
  if (existsSync(cached)) return readFileSync(cached, 'utf8');
  const { code } = transformSync(source, { ...options, filename });
  // Whole or not at all, whoever else is at it.
  const draft = `${cached}.${process.pid}`;
  writeFileSync(draft, code);
  renameSync(draft, cached);
  return code;
}

require('./typescript-resolution.ts');

// With --import, Node's loader for ES modules takes the main file and knows no .ts: it is told to leave it to `require`.
const leaveToRequire = `export const load = (url, context, next) =>
  url.endsWith('.ts') ? { format: 'commonjs', source: null, shortCircuit: true } : next(url, context);`;
register(`data:text/javascript,${encodeURIComponent(leaveToRequire)}`);
