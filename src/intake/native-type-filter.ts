/** Which native event types a hook URL lets in: `?only_events=ticket_*,note_added` or `?exclude_events=…`. */
export interface NativeTypeFilter {
  only: readonly string[];
  exclude: readonly string[];
}

/** The query parameters that Zulip's own incoming webhooks take: https://zulip.com/api/incoming-webhooks-overview. */
export function readNativeTypeFilter(query: Readonly<Record<string, string>>): NativeTypeFilter {
  return { only: splitPatterns(query['only_events']), exclude: splitPatterns(query['exclude_events']) };
}

/** @returns whether the hook URL lets this event in; `*` in a pattern stands for any run of characters */
export function letsIn(filter: NativeTypeFilter, nativeType: string): boolean {
  if (filter.only.length > 0 && !filter.only.some((pattern) => fits(pattern, nativeType))) return false;
  return !filter.exclude.some((pattern) => fits(pattern, nativeType));
}

function splitPatterns(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

/** Greedy from left to right, so linear: each piece between stars is looked for once, after the one before. */
function fits(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return text === pattern;
  const last = pieces.at(-1) ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
