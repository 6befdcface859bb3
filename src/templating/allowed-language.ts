/**
 * The tags that LiquidJS keeps. A tag that is not here does not exist: nothing that reads files (`include`, `render`,
 * `layout`, `block`), writes around the output's escape (`increment`, `decrement`, `tablerow`, `raw`), or is only
 * another way to write output (`echo`, `cycle`, `liquid`).
 * https://liquidjs.com/tags/overview.html
 */
export const ALLOWED_TAGS: readonly string[] = [
  'assign',
  'capture',
  'if',
  'unless',
  'case',
  'for',
  'break',
  'continue',
  'comment',
  '#',
];

/**
 * The filters that LiquidJS keeps. Left out: `raw`, which switches the escape off; `*_exp`, which run a string as code;
 * the HTML escapes, which would show as `&amp;`; `sample`, since a message rendered twice must be the same message.
 * https://liquidjs.com/filters/overview.html
 */
export const ALLOWED_FILTERS: readonly string[] = [
  ...['append', 'prepend', 'capitalize', 'downcase', 'upcase', 'strip', 'lstrip', 'rstrip', 'normalize_whitespace'],
  ...['remove', 'remove_first', 'remove_last', 'replace', 'replace_first', 'replace_last', 'slice', 'split'],
  ...['strip_html', 'strip_newlines', 'truncate', 'truncatewords', 'url_encode'],
  ...['compact', 'concat', 'find', 'first', 'has', 'join', 'last', 'map', 'reject', 'reverse', 'size', 'sort'],
  ...['sort_natural', 'sum', 'uniq', 'where', 'array_to_sentence_string'],
  ...['abs', 'at_least', 'at_most', 'ceil', 'divided_by', 'floor', 'minus', 'modulo', 'plus', 'round', 'times'],
  ...['date', 'default', 'json'],
];
