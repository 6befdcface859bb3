/** Longer ones are nobody's. */
const LONGEST_CONTENT_TYPE = 1_000;
const PARAMETER = /;\s*([^\s=;"]+)=(?:"([^"]*)"|([^\s;"]*))/g;

/** A Content-Type header taken apart. */
export interface MediaType {
  /** Lower case, without parameters; empty where there is no header. */
  type: string;
  charset?: string;
  boundary?: string;
}

/** Reads a Content-Type as far as it can be read; never throws. */
export function readMediaType(contentType: string | undefined): MediaType {
  const header = (contentType ?? '').slice(0, LONGEST_CONTENT_TYPE);
  const mediaType: MediaType = { type: (header.split(';', 1)[0] ?? '').trim().toLowerCase() };
  for (const [, name, quoted, plain] of header.matchAll(PARAMETER)) {
    const value = quoted ?? plain ?? '';
    if (name?.toLowerCase() === 'charset') mediaType.charset ??= value.toLowerCase();
    if (name?.toLowerCase() === 'boundary') mediaType.boundary ??= value;
  }
  return mediaType;
}
