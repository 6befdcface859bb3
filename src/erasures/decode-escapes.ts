/** JSON within a form, an address within an address: nobody nests deeper. */
const MOST_ROUNDS = 3;

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Undoes the ways in which text is written inside other text: JSON's and JavaScript's backslashes, percent-encoding,
 * HTML's entities, one within the other too. For judging what stands beside a word; not for showing.
 */
export function decodeEscapes(text: string): string {
  let decoded = text;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = decodeOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

function decodeOnce(text: string): string {
  return text
    .replace(/\\+u([0-9a-f]{4})/gi, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\+[nrtbf]/g, ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, decodePercent)
    .replace(/&#(\d{1,7});/g, (entity, decimal: string) => character(Number(decimal), entity))
    .replace(/&#x([0-9a-f]{1,6});/gi, (entity, hex: string) => character(parseInt(hex, 16), entity))
    .replace(/&([a-z]{2,4});/gi, (entity, name: string) => NAMED[name.toLowerCase()] ?? entity);
}

/** As UTF-8, or where it is none, byte by byte. */
function decodePercent(escapes: string): string {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

function character(code: number, otherwise: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
