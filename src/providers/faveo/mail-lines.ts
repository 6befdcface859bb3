/** A line that is longer was written by a person. */
const LONGEST_LINE = 400;
/** Attributions are long, so that mail programs wrap them. */
const ATTRIBUTION_LENGTHS = [1, 2, 3] as const;
/** `To:` and `Cc:` may be wrapped. */
const LONGEST_HEADER_BLOCK = 8;
/** In Markdown, words may stand in bold or in italics, and lines in quotes. */
const EMPHASIS = /[*_~]+/g;
const QUOTE_MARKS = /^[>\s]+/;
const WHITE_SPACE = /\s+/g;

/** `On June 16, 2022 01:22 pm Casey Customer wrote :` in the languages of common mail programs. */
const ATTRIBUTION_BEGIN = /^(?:on|am|le|el|op|il|em)\s/i;
const ATTRIBUTION_VERB = /\s(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu)(?=[\s:])/i;
const DATE = /\d/;
/** `Casey Customer <customer@example.com> wrote:` */
const ADDRESS = /\S@\S/;

/** What stands above the message that is answered, in the languages of Outlook; the last is Faveo's own. */
const DIVIDERS =
  /^(?:-{2,} ?(?:original message|ursprüngliche nachricht|message d['’]origine|mensaje original|oorspronkelijk bericht|messaggio originale|mensagem original) ?-{2,}|-{2,} ?reply above this line ?-{2,})$/i;
/** `<hr>`, and how Outlook draws it in plain text. */
const RULE = /^\s*(?:-{3,}|_{5,})\s*$/;

const FROM = /^(?:from|von|de|van|da) ?: ?\S/i;
const SENT = /^(?:sent|date|gesendet|datum|envoyé|enviado|enviada|fecha|data|verzonden|inviato)(?: \w{1,5})? ?: ?\S/i;
const SUBJECT = /^(?:subject|betreff|objet|asunto|assunto|onderwerp|oggetto) ?:/i;

/** Gmail's, Thunderbird's and Apple's. Outlook's forwarded messages look like its answers. */
const FORWARD =
  /^(?:-{2,} ?(?:forwarded message|weitergeleitete nachricht|message transféré) ?-{2,}|begin forwarded message ?:)$/i;

/** A line of a mail. */
export interface MailLine {
  text: string;
  /** Its words, without quote marks and emphasis; blank where a person wrote more than mail programs do. */
  words: string;
}

/** @see MailLine */
export function wordsOf(text: string): string {
  if (text.length > LONGEST_LINE) return '';
  return text.replace(QUOTE_MARKS, '').replace(EMPHASIS, '').replace(WHITE_SPACE, ' ').trim();
}

export function isBlank({ text }: MailLine): boolean {
  return text.trim() === '';
}

/** @returns whether the line is nothing but drawn */
export function isRule({ text }: MailLine): boolean {
  return RULE.test(text);
}

/** @returns whether the line stands above a message that is passed on */
export function isForward(line: MailLine | undefined): boolean {
  return FORWARD.test(line?.words ?? '');
}

/** @returns whether the message that is answered begins at a line: a divider, or a mail's headers as Outlook writes them */
export function opensHistory(lines: readonly MailLine[], begin: number): boolean {
  const words = lines[begin]?.words ?? '';
  if (DIVIDERS.test(words)) return true;
  if (!FROM.test(words)) return false;
  const next = lines.slice(begin + 1, begin + LONGEST_HEADER_BLOCK);
  return next.some((line) => SENT.test(line.words)) && next.some((line) => SUBJECT.test(line.words));
}

/** @returns how many of the lines from `begin` on say who wrote what follows; 0 where they say something else */
export function attributionFrom(lines: readonly MailLine[], begin: number): number {
  return attributionLength((length) => lines.slice(begin, begin + length));
}

/** @returns how many of the lines in front of `end` say who wrote what follows; 0 where they say something else */
export function attributionBefore(lines: readonly MailLine[], end: number): number {
  return attributionLength((length) => lines.slice(Math.max(0, end - length), end));
}

function attributionLength(take: (length: number) => readonly MailLine[]): number {
  const length = ATTRIBUTION_LENGTHS.find((length) => isAttribution(take(length), isDated));
  return length ?? (isAttribution(take(1), hasAddress) ? 1 : 0);
}

function isAttribution(lines: readonly MailLine[], names: (words: string) => boolean): boolean {
  if (lines.at(-1)?.words.endsWith(':') !== true || lines.some(({ words }) => words === '')) return false;
  const words = lines.map(({ words }) => words).join(' ');
  return ATTRIBUTION_VERB.test(words) && names(words);
}

function isDated(words: string): boolean {
  return ATTRIBUTION_BEGIN.test(words) && DATE.test(words);
}

function hasAddress(words: string): boolean {
  return ADDRESS.test(words);
}
