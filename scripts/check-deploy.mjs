// Checks what is under deploy/, and the Dockerfile, by tools that need neither an engine nor a cluster. What a tool that
// is not installed would have checked is said, and fails nothing.
import { checkCompose } from './deploy/check-compose.mjs';
import { checkDockerfile } from './deploy/check-dockerfile.mjs';
import { checkKubernetes } from './deploy/check-kubernetes.mjs';
import { checkPrograms } from './deploy/check-programs.mjs';

const { problems, skipped } = checkPrograms();
const found = [...checkDockerfile(), ...checkCompose(), ...checkKubernetes(), ...problems];
for (const tool of skipped) console.log(`not checked: ${tool}`);
for (const problem of found) console.error(problem);
process.exitCode = found.length === 0 ? 0 : 1;
