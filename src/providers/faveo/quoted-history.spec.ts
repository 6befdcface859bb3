import { LONGEST_HTML } from '../html-to-markdown.js';
import { readWhole, readWithoutHistory } from './quoted-history.js';

const QUOTE = '<blockquote><p>Did it help?</p></blockquote>';
const GMAIL_QUOTE = '<blockquote class="gmail_quote" style="margin:0"><p>Did it help?</p></blockquote>';
const OUTLOOK =
  '<b>From:</b> Alex Agent &lt;agent@example.com&gt;<br><b>Sent:</b> Thursday, June 16, 2022 10:13<br>' +
  '<b>To:</b> Casey<br><b>Subject:</b> Printer';

describe('what a reply answers is folded away', () => {
  it.each([
    [
      'Faveo',
      `<p>No.</p><blockquote>On June 16, 2022 01:22 pm <strong>Alex</strong> wrote :<p>Did it help?</p></blockquote>`,
    ],
    [
      'Gmail',
      `<div>No.</div><br><div class="gmail_quote"><div class="gmail_attr">在 2022年6月16日 写道：</div>${GMAIL_QUOTE}</div>`,
    ],
    ['Gmail before it marked who wrote', `No.<br><br>Le jeu. 16 juin 2022 à 10:13, Alex a écrit :<br>${GMAIL_QUOTE}`],
    [
      'Apple Mail',
      '<p>No.</p><div>El 16 jun 2022, a las 10:13, Alex escribió:</div><br><blockquote type="cite">Did it help?</blockquote>',
    ],
    [
      'Thunderbird',
      '<p>No.</p><div class="moz-cite-prefix">Am 16.06.22 um 10:13 schrieb Alex:<br></div><blockquote TYPE="CITE">Did it help?</blockquote>',
    ],
    [
      'Yahoo',
      '<div>No.</div><div id="x" class="a yahoo_quoted"><div>On Thursday, Alex wrote:</div><div>Did it help?</div></div>',
    ],
    [
      'Proton',
      '<div>No.</div><div class="protonmail_quote">On Thursday, June 16th, 2022, Alex &lt;a@example.com&gt; wrote:<br><blockquote class="protonmail_quote">Did it help?</blockquote></div>',
    ],
    ['Outlook', `<div>No.</div><div><p>${OUTLOOK}</p></div><p>Did it help?</p>`],
    [
      'Outlook on the web, in any language',
      '<p>No.</p><div id="appendonsend"></div><hr><div id="x_divRplyFwdMsg"><b>寄件者:</b> Alex</div><p>Did it help?</p>',
    ],
    ['the new Outlook', '<p>No.</p><div id="mail-editor-reference-message-container"><p>Did it help?</p></div>'],
    ['old Outlook', '<p>No.</p><p>-----Original Message-----<br>From: Alex</p><p>Did it help?</p>'],
    [
      'a quoted original message',
      '<p>No.</p><blockquote>-----Ursprüngliche Nachricht-----<br>Did it help?</blockquote>',
    ],
    ['mail that Faveo sent', '<p>No.</p><p>---Reply above this line---</p><p>Did it help?</p>'],
    ['plain text', 'No.\n\nOn Thu, Jun 16, 2022 at 10:13 AM Alex wrote:\n> Did it help?\n>\n> Alex'],
    [
      'plain text with a long line that was wrapped',
      'No.\r\n\r\nOn Thu, Jun 16, 2022 at 10:13 AM Alex Agent <\r\nagent@example.com> wrote:\r\n\r\n> Did it help?',
    ],
    ['plain text that names an address', 'No.\n\nAlex Agent <agent@example.com> wrote:\n> Did it help?'],
    [
      'plain Outlook',
      'No.\n\n________________________________\nFrom: Alex\nSent: Thursday\nTo: Casey\nSubject: Printer\n\nDid it help?',
    ],
  ])('of %s', (_program, text) => {
    expect(readWithoutHistory(text)).toBe('No.');
  });

  it('around and between answers', () => {
    expect(readWithoutHistory('On 16 June Alex wrote:\n> Did it help?\n\nNo.\n\n> Restarted?\n\nYes, *twice*.')).toBe(
      'No.\n\nYes, *twice*.',
    );
    expect(
      readWithoutHistory(
        `<div>See below.</div><div class="gmail_quote"><div class="gmail_attr">On 16 June Alex wrote:</div>${GMAIL_QUOTE}<div>No.</div>${GMAIL_QUOTE}</div><p>Casey</p>`,
      ),
    ).toBe('See below.\n\nNo.\n\nCasey');
  });

  it('where a long mail is cut in the middle of it', () => {
    const history = '<p>Did it help?</p>'.repeat(LONGEST_HTML / 10);
    expect(readWithoutHistory(`<p>No.</p><blockquote type="cite">${history}</blockquote>`)).toBe('No.');
  });
});

describe('what stays', () => {
  it.each([
    [
      'a quote of the writer’s own',
      `<p>The manual says:</p>${QUOTE}<p>Well?</p>`,
      'The manual says:\n\n> Did it help?\n\nWell?',
    ],
    [
      'words that only sound like it',
      'On 16 June Alex wrote:\n\nDid it help?',
      'On 16 June Alex wrote:\n\nDid it help?',
    ],
    ['a sender’s own headers', 'No.\nFrom: Berlin\nDate: 16 June', 'No.\nFrom: Berlin\nDate: 16 June'],
    ['a rule', '<p>No.</p><hr><p>Casey</p>', 'No.\n\n---\n\nCasey'],
    [
      'a forwarded message, with what it answers',
      'See:\n\n---------- Forwarded message ---------\nFrom: Alex\nDate: Thursday\nSubject: Printer\n\nNo.\n\nOn 16 June Casey wrote:\n> Did it help?',
      'See:\n\n---------- Forwarded message ---------\nFrom: Alex\nDate: Thursday\nSubject: Printer\n\nNo.\n\nOn 16 June Casey wrote:\n> Did it help?',
    ],
    [
      'a forwarded message of Apple Mail',
      '<p>See:</p><blockquote type="cite"><div>Begin forwarded message:</div><div><b>From: </b>Alex</div></blockquote>',
      'See:\n\n> Begin forwarded message:\n> **From:** Alex',
    ],
    [
      'everything, where nothing new was written',
      `On 16 June Alex wrote:${QUOTE}`,
      'On 16 June Alex wrote:\n\n> Did it help?',
    ],
    ['everything, where the history comes first', '-----Original Message-----\nNo.', '-----Original Message-----\nNo.'],
    ['nothing, where nothing was written', '<p>&nbsp;</p>', ''],
  ])('is %s', (_what, text, shown) => {
    expect(readWithoutHistory(text)).toBe(shown);
  });

  it('is at most so much of a plain text', () => {
    expect(readWhole('a'.repeat(LONGEST_HTML))).toBe('a'.repeat(LONGEST_HTML));
    expect(readWhole('a'.repeat(LONGEST_HTML + 1))).toBe(`${'a'.repeat(LONGEST_HTML)}…`);
    expect(readWithoutHistory('a'.repeat(LONGEST_HTML + 1))).toBe(`${'a'.repeat(LONGEST_HTML)}…`);
  });
});

/** Anything quadratic here runs into Jest's time limit. */
describe('hostile replies', () => {
  it.each([
    '> a\n',
    '> a\nb\n',
    '> On 1 a wrote:\n\n',
    'On 1 a@b wrote:\n',
    'On 1\n> wrote:\n',
    'From: a\n',
    '\n',
    '>\n\n',
    '-----',
    '<blockquote type="cite">',
    '<blockquote type="cite">a</blockquote>b',
    '<b><p class="gmail_attr">a</b>',
    '<div class=" ',
    '<blockquote>On 1 a wrote:</blockquote>',
  ])('are done with soon: %j without end', (filler) => {
    const text = filler.repeat(1_000_000 / filler.length);
    expect(readWithoutHistory(text).length).toBeLessThan(30 * LONGEST_HTML);
  });
});
