/** A parameter's name as ours are: anything else may be a value that lost its name. */
const NAME = /^[a-z_]{1,40}$/;

/**
 * @param url path and query, as requested
 * @returns what a log may keep of it: the path, and the names of parameters. Their values are words of customers and, where
 *   somebody mistakes them for it, a place for keys.
 */
export function shownAddress(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return path;
  const names = query.split('&').map((pair) => {
    const [name = '', value] = pair.split('=', 2);
    return value !== undefined && NAME.test(name) ? `${name}=…` : '…';
  });
  return `${path}?${names.join('&')}`;
}
