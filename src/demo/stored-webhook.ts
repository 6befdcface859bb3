/** A webhook as it came, in one of the files under `fixtures/`. */
export interface StoredWebhook {
  /** Whether the demo shows it. */
  demo: boolean;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: string;
}

interface FixtureFile {
  demo?: boolean;
  headers: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  text?: string;
}

/** @returns the webhook that a file of the fixtures' form holds; undefined for any other text */
export function readStoredWebhook(text: string): StoredWebhook | undefined {
  const file = parse(text);
  if (!isFixture(file)) return undefined;
  return {
    demo: file.demo === true,
    headers: file.headers,
    query: file.query ?? {},
    body: file.text ?? JSON.stringify(file.body),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A form, or whatever else a helpdesk posts.
    return undefined;
  }
}

function isFixture(value: unknown): value is FixtureFile {
  if (typeof value !== 'object' || value === null || !('headers' in value)) return false;
  const { headers } = value;
  const hasBody = 'body' in value || ('text' in value && typeof value.text === 'string');
  return hasBody && typeof headers === 'object' && headers !== null && !Array.isArray(headers);
}
