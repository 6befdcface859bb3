// Part of `npm run check`: what is installed is what package-lock.json says, to the byte, and nothing known is wrong with it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** An answer takes a second or two; whoever is offline is not to wait for long. */
const ANSWER_LIMIT_MS = 20_000;
const NPM_OPTIONS = [
  '--package-lock-only',
  '--omit=dev',
  '--fetch-retries=0',
  `--fetch-timeout=${ANSWER_LIMIT_MS / 2}`,
];
/** Of what is shipped. The rest is told, and left to judgement. */
const REFUSED = ['high', 'critical'];
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** @returns what is wrong with the two files themselves, which no registry has to be asked for */
function faultsOfFiles() {
  const { dependencies, devDependencies, optionalDependencies } = readJson('package.json');
  const wanted = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const loose = wanted.filter(([, version]) => !EXACT.test(version));
  const locked = Object.entries(readJson('package-lock.json').packages).filter(([path]) => path !== '');
  const unproven = locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  const foreign = locked.filter(([, { resolved, link }]) => link || (resolved && !resolved.startsWith('https://')));
  return [
    ...loose.map(([name, version]) => `package.json: ${name} ${version} is not one version`),
    ...unproven.map(([path]) => `package-lock.json: ${path} has no SHA-512`),
    ...foreign.map(([path]) => `package-lock.json: ${path} does not come from a registry`),
  ];
}

/** @returns `npm audit`'s report; a text that says why there is none */
function askRegistry() {
  const { stdout, error } = spawnSync('npm', ['audit', '--json', ...NPM_OPTIONS], {
    cwd: root,
    encoding: 'utf8',
    timeout: ANSWER_LIMIT_MS,
    shell: process.platform === 'win32',
  });
  if (error) return error.code === 'ETIMEDOUT' ? `it took longer than ${ANSWER_LIMIT_MS / 1000} s` : error.message;
  try {
    const report = JSON.parse(stdout);
    return report.vulnerabilities
      ? report
      : (report.message ?? 'it answered something else').replaceAll(/ - \w+ \S+/g, '');
  } catch {
    return 'npm said nothing that can be read';
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

const faults = faultsOfFiles();
for (const fault of faults) console.error(fault);
const report = askRegistry();
if (typeof report === 'string') {
  console.log(`Known vulnerabilities were not looked up: the registry has no answer (${report}).`);
} else {
  for (const { name, severity, range, isDirect } of Object.values(report.vulnerabilities)) {
    const line = `${severity}: ${name} ${range}${isDirect ? '' : ' (not a dependency of our own)'}`;
    if (REFUSED.includes(severity)) faults.push(line);
    console.error(line);
  }
}
process.exit(faults.length === 0 ? 0 : 1);
