import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { read, root } from './files.mjs';

const FILE = 'Dockerfile';

/** @returns problems: what the linter of https://github.com/rcjsuen/dockerfile-utils finds, and our own rules */
export function checkDockerfile() {
  const text = read(FILE);
  const found = validate(text, {
    deprecatedMaintainer: ValidationSeverity.ERROR,
    directiveCasing: ValidationSeverity.ERROR,
    emptyContinuationLine: ValidationSeverity.ERROR,
    instructionCasing: ValidationSeverity.ERROR,
    instructionCmdMultiple: ValidationSeverity.ERROR,
    instructionEntrypointMultiple: ValidationSeverity.ERROR,
    instructionHealthcheckMultiple: ValidationSeverity.ERROR,
    instructionJSONInSingleQuotes: ValidationSeverity.ERROR,
    instructionWorkdirRelative: ValidationSeverity.ERROR,
  }).map(({ range, message }) => `${FILE}:${range.start.line + 1} ${message}`);
  return [...found, ...ownRules(text).map((problem) => `${FILE}: ${problem}`)];
}

function ownRules(text) {
  const last = text.slice(text.lastIndexOf('\nFROM '));
  const problems = [];
  if (!/^USER [1-9]\d*:[1-9]\d*$/m.test(last)) problems.push('the last stage must run as a numbered account, not root');
  if (!/^HEALTHCHECK [\s\S]*?CMD \["node", /m.test(last))
    problems.push('the health check must be by node, in JSON form');
  if (!/^ENTRYPOINT \[/m.test(last))
    problems.push('ENTRYPOINT must be in JSON form, so that signals reach the gateway');
  for (const [, image] of text.matchAll(/^FROM (\S+\/\S+|\S+:\S+)/gm)) {
    if (!/:[\w.-]*\d[\w.-]*$/.test(image)) problems.push(`${image} needs a tag with a version`);
  }
  return [...problems, ...copyProblems(text)];
}

/** What is copied must be there, and must not be what .dockerignore leaves out. */
function copyProblems(text) {
  const ignored = read('.dockerignore').split('\n');
  const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copies = [...text.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words]) => words.split(/\s+/).slice(0, -1));
  return copies.flatMap((source) => {
    if (!existsSync(join(root, source))) return [`COPY ${source}: there is no such file`];
    const isAllowed = allowed.some((path) => source === path || source.startsWith(`${path}/`));
    return isAllowed || !ignored.includes('*') ? [] : [`COPY ${source}: .dockerignore leaves it out`];
  });
}
