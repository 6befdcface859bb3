/**
 * Takes an absolute URL apart. Not with `URL.canParse`: on Node 20, once it is optimised, it refuses good URLs with
 * letters such as `ü` in them (seen on 20.20).
 *
 * @returns undefined where the text is no absolute URL
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
