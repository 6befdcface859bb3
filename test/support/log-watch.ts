/** Shorter ones stand in words that are none. */
const SHORTEST_SECRET = 8;
/** What the gateway makes: API keys, secrets of webhooks, and the tokens of hook URLs. */
const MADE = [/dw_[\w-]{32,}/g, /whsec_[\w+/=-]{16,}/g, /(?<=\/hooks\/[\w-]+\/)[\w-]{43}/g];
/** Fields of requests and answers that hold nothing but secrets. */
const SECRET_FIELDS = new Set([
  'secrets',
  'secret',
  'api_key',
  'api_token',
  'signing_secrets',
  'signing_secret',
  'basic',
]);

/** A secret of a test that stands in what its gateways logged. */
export interface Leak {
  secret: string;
  line: string;
}

/**
 * What the gateways of one test file logged, and which secrets they were given or made. At the end of each file none of
 * these may stand in any of those (`watch-logs.ts`): so the log of the whole suite is searched for every secret in it,
 * whichever part of the suite is run, and it is the file with the leak that fails.
 */
export class LogWatch {
  readonly lines: string[] = [];
  private readonly secrets = new Set<string>();

  /** Takes a line of the log, as pino writes it. */
  readonly write = (line: string): void => {
    this.lines.push(line);
  };

  /** @param values what a test hands out; undefined and what is too short to be told from words is left out */
  keep(...values: readonly (string | undefined)[]): void {
    for (const value of values) if (value !== undefined && value.length >= SHORTEST_SECRET) this.secrets.add(value);
  }

  /** Finds secrets that the gateway made in what it shows. */
  keepMadeIn(text: string): void {
    for (const pattern of MADE) this.keep(...(text.match(pattern) ?? []));
  }

  /** Finds secrets in what is sent to the API or comes from it, however deep it nests. */
  keepFieldsOf(document: unknown): void {
    const waiting = [{ value: document, isSecret: false }];
    for (let place = waiting.pop(); place; place = waiting.pop()) {
      const { value, isSecret } = place;
      if (typeof value === 'string' && isSecret) this.keep(value);
      if (typeof value !== 'object' || value === null) continue;
      for (const [name, child] of Object.entries(value)) {
        waiting.push({ value: child, isSecret: isSecret || SECRET_FIELDS.has(name) });
        if (name === 'zuliprc' && typeof child === 'string') this.keep(/^key\s*=\s*(\S+)/m.exec(child)?.[1]);
      }
    }
  }

  /** What a process wrote: its log, and what it said without being asked to be quiet about it. */
  keepOutputOf(output: string, errors: string): void {
    this.keepMadeIn(output);
    this.lines.push(...output.split('\n').filter((line) => line.startsWith('{')), ...errors.split('\n'));
  }

  /** @returns the first leak of each secret */
  leaks(): Leak[] {
    const all = this.lines.join('\n');
    return [...this.secrets].flatMap((secret) => {
      const known = [secret, JSON.stringify(secret).slice(1, -1)].find((form) => all.includes(form));
      if (known === undefined) return [];
      return { secret, line: this.lines.find((line) => line.includes(known)) ?? '' };
    });
  }
}

/** Of this test file. */
export const logWatch = new LogWatch();
