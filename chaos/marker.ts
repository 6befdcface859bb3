const MARKER = /\bt(\d+)-n(\d+)\b/g;

/** What tells one webhook's text from all others wherever it turns up: the ticket, and its place in the ticket. */
export interface Marker {
  ticket: number;
  serial: number;
}

export function writeMarker({ ticket, serial }: Marker): string {
  return `t${ticket}-n${serial}`;
}

/** @throws Error for what is no marker */
export function readMarker(marker: string): Marker {
  const [match] = marker.matchAll(MARKER);
  if (!match) throw new Error(`${marker} is no marker.`);
  return { ticket: Number(match[1]), serial: Number(match[2]) };
}

/** @returns all markers in a text, in their order: a joined message holds several */
export function findMarkers(text: string): string[] {
  return text.match(MARKER) ?? [];
}
