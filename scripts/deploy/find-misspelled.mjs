import { join } from 'node:path';
import ts from 'typescript';
import { modelsOf, root } from './files.mjs';

/** Stands in no directory: what the compiler is told of instead of a file. */
const VIRTUAL = join(root, 'deploy-manifests.ts');

/**
 * Finds fields that there are not. The schemas of the models let them pass; their types do not, where an object is written
 * down: so the compiler is asked.
 */
export function findMisspelled(manifests) {
  const lines = manifests.map(({ object }, index) => {
    const { apiVersion, kind, ...fields } = object;
    return `import { ${kind} as M${index} } from '${modelsOf(apiVersion)}'; new M${index}(${JSON.stringify(fields)});`;
  });
  const source = lines.join('\n');
  const options = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === VIRTUAL || fileExists(name);
  host.readFile = (name) => (name === VIRTUAL ? source : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === VIRTUAL ? ts.createSourceFile(name, source, ...rest) : getSourceFile(name, ...rest);
  const program = ts.createProgram([VIRTUAL], options, host);
  const file = program.getSourceFile(VIRTUAL);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((diagnostic) => {
    const { line } = file.getLineAndCharacterOfPosition(diagnostic.start);
    return `${manifests[line].file}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}
