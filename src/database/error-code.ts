/**
 * @returns the `code` of a Node or pg error (`ENOENT`, `3D000`), undefined for anything else. Asked of the shape, not the
 * class: an error of Node's own may come from another realm, where `instanceof Error` does not hold.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
