/**
 * @returns the `code` of a Node or pg error (`ENOENT`, `3D000`), undefined for anything else. Not by `instanceof Error`:
 *   under Jest, Node's own errors come from another realm.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
