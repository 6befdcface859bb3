import { isSpread, type Spread } from './percentiles.js';

/** What a figure is to be, and whether the measured one is. */
interface Aim {
  path: string;
  says: string;
  aim: string;
  isMet: (value: number) => boolean;
}

const AIMS: readonly Aim[] = [
  atLeast('intake.json.gateway_to_joined', 'webhooks a second, JSON, beside the joined floor', 0.75),
  atLeast('intake.form.gateway_to_joined', 'webhooks a second, Faveo’s form, beside the joined floor', 0.75),
  atMost('intake.json.p99_to_joined', 'p99, JSON, beside the joined floor', 3),
  atMost('intake.form.p99_to_joined', 'p99, form, beside the joined floor', 3),
  atMost('intake.json.gateway.rss_mb', 'MB of memory under that load', 200),
  atMost('overload.overload.accepted_ms.p99', 'ms, p99 of what is accepted at three times the capacity', 250),
  atLeast('overload.after.to_capacity', 'of the capacity, two seconds after that', 0.9),
  atLeast('overload.beside.idle.to_capacity', 'of the capacity beside 10,000 idle connections', 0.8),
  atLeast('overload.beside.slow.to_capacity', 'of the capacity beside slow bodies', 0.8),
  atMost('memory.soak.last_to_second', 'memory of the last sixth of a soak beside the second', 1.1),
  atLeast('dispatch.engine_to_floor', 'deliveries a second beside a bare loop', 0.6),
  atLeast('audit.intake.full_to_empty', 'intake’s statement on a long log beside an empty one', 0.9),
];

/**
 * @param results by bench, with `machine` and `commit`
 * @returns a page in Markdown: the figures that have an aim, then everything that was measured
 */
export function resultsPage(results: Readonly<Record<string, unknown>>): string {
  const { machine, commit, ...benches } = results;
  const sections = Object.entries(benches).map(([name, measured]) => {
    const rows = rowsOf(measured, []).map((cells) => `| ${cells.join(' | ')} |`);
    return [`## ${name}`, '', '| figure | middle | from … to |', '| --- | --- | --- |', ...rows, ''].join('\n');
  });
  return [
    '# Results',
    '',
    'Written by `npm run bench`, in its short forms, over loopback alone. [What the figures mean](README.md).',
    '',
    `${String(machine)}; commit ${String(commit)}.`,
    '',
    '## What has an aim',
    '',
    '| figure | measured | aim |',
    '| --- | --- | --- |',
    ...AIMS.map((aim) => aimRow(aim, benches)),
    '',
    ...sections,
  ].join('\n');
}

function atLeast(path: string, says: string, least: number): Aim {
  return { path, says, aim: `≥ ${least}`, isMet: (value) => value >= least };
}

function atMost(path: string, says: string, most: number): Aim {
  return { path, says, aim: `≤ ${most}`, isMet: (value) => value <= most };
}

function aimRow({ path, says, aim, isMet }: Aim, benches: object): string {
  const found = path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], benches);
  const value = isSpread(found) ? found.p50 : Number(found);
  const verdict = Number.isNaN(value) ? 'not measured' : `${value}${isMet(value) ? '' : ' (missed)'}`;
  return `| ${says} (\`${path}\`) | ${verdict} | ${aim} |`;
}

function rowsOf(value: unknown, path: readonly string[]): string[][] {
  const name = `\`${path.join('.')}\``;
  if (isSpread(value)) return [[name, String(value.p50), range(value)]];
  if (Array.isArray(value)) return [[name, value.map(String).join(', '), '']];
  if (typeof value !== 'object' || value === null) return [[name, String(value), '']];
  return Object.entries(value).flatMap(([key, inner]) => rowsOf(inner, [...path, key]));
}

/** Of many values (milliseconds of requests), the highest hundredth is worth naming. */
function range({ runs, min, p99, max }: Spread): string {
  if (runs === 1) return '';
  return runs < 20 ? `${min} … ${max} (${runs})` : `${min} … ${max}, p99 ${p99} (${runs})`;
}
