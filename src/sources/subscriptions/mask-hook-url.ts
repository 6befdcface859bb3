/** Enough to tell two hooks apart in a helpdesk's list, far too little to guess the rest of 43. */
const SHOWN = 4;

/** @returns a hook URL that may be shown and stored: of the token at its end only the beginning is left */
export function maskHookUrl(url: string): string {
  const token = url.lastIndexOf('/') + 1;
  return `${url.slice(0, token + SHOWN)}…`;
}
