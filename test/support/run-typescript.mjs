// For child processes of tests: `node --import <this file> <file>.ts` runs our TypeScript without compiling it first.
import { readFileSync } from 'node:fs';
import Module, { createRequire, register } from 'node:module';
import { transformSync } from '@swc/core';

const options = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

Module._extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};

createRequire(import.meta.url)('./typescript-resolution.ts');

// With --import, Node's loader for ES modules takes the main file and knows no .ts: it is told to leave it to `require`.
const leaveToRequire = `export const load = (url, context, next) =>
  url.endsWith('.ts') ? { format: 'commonjs', source: null, shortCircuit: true } : next(url, context);`;
register(`data:text/javascript,${encodeURIComponent(leaveToRequire)}`);
