import Module from 'node:module';

type ResolveFilename = (
  this: unknown,
  request: string,
  parent: { filename?: string } | undefined,
  ...rest: unknown[]
) => string;

/** Node's own resolver of `require`; not in its documented interface, but what every loader of this kind hooks. */
const loader = Module as unknown as { _resolveFilename: ResolveFilename };
const original = loader._resolveFilename;

/**
 * Our imports end in `.js`, as the compiled files will; where nothing was compiled, the `.ts` file is meant. Jest does
 * this for test files by `moduleNameMapper`, which it applies neither to its global set-up nor to child processes.
 */
loader._resolveFilename = function resolveFilename(request, parent, ...rest) {
  const isOurs = /^\.{1,2}\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts') === true;
  return original.call(this, isOurs ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};
