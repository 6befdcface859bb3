import * as fc from 'fast-check';
import { htmlToMarkdown, htmlToParts, LONGEST_HTML, looksLikeHtml } from './html-to-markdown.js';

describe('HTML becomes Markdown', () => {
  it.each([
    ['paragraphs', '<p>One</p><p>Two<br>lines</p>', 'One\n\nTwo\nlines'],
    ['the lines of mail clients', '<div>One</div><div><br></div><div>Two</div><div>Three</div>', 'One\n\nTwo\nThree'],
    ['blank filler', '<p>&nbsp;</p><p> </p>One<br><br><br><br>Two<p></p>', 'One\n\nTwo'],
    ['white space', '  One \n\t two&nbsp;&nbsp;three <b> four </b>five', 'One two three **four** five'],
    [
      'emphasis',
      '<b>b</b> <strong>s</strong> <i>i</i> <em>e</em> <s>x</s> <b></b><i> </i>',
      '**b** **s** *i* *e* ~~x~~',
    ],
    ['emphasis within itself', '<b>a<b>b<strong>c</strong></b>d</b>e', '**abcd**e'],
    ['emphasis over lines', '<b>One<br>two</b>', '**One**\n**two**'],
    ['emphasis over blocks', '<b><p>One</p><p>two</p></b>', '**One**\n\n**two**'],
    ['headings', '<h1>One</h1>text<h3>Two</h3>', '# One\n\ntext\n\n### Two'],
    ['a rule', 'One<hr>two', 'One\n\n---\n\ntwo'],
    ['bullets', 'One<ul><li>a</li><li>b<br>c<ul><li>d</li></ul></li></ul>two', 'One\n\n* a\n* b\n  c\n  * d\n\ntwo'],
    ['numbers', '<ol><li>a<li>b<li></li></ol>', '1. a\n2. b'],
    [
      'quotes',
      'One<blockquote>a<br><br>b<blockquote>c</blockquote></blockquote>two',
      'One\n\n> a\n>\n> b\n>\n> > c\n\ntwo',
    ],
    ['code', '<code>a</code> <tt>b`c</tt> <code><b>d</b></code>', '`a` `` b`c `` `d`'],
    ['code blocks', '<pre>\n  a\n\n<b>b</b><br>```\n</pre>c', '````\n  a\n\nb\n```\n````\n\nc'],
    ['code blocks in quotes', '<blockquote><pre>a\nb</pre></blockquote>', '> ```\n> a\n> b\n> ```'],
    ['tables', '<table><tr><th>a<th>b<tr><td>c<td> <td><p>d</table>', 'a | b\nc\n\nd'],
    ['entities', '&lt;b&gt; &amp;amp; &#x1F600; &eacute; &unknown;', '<b> &amp; 😀 é &unknown;'],
    ['what means something in Markdown', '*a* _b_ [c](d) > e', '*a* _b_ [c](d) > e'],
  ])('%s', (_what, html, markdown) => {
    expect(htmlToMarkdown(html)).toBe(markdown);
  });

  it.each([
    ['http(s)', '<a href="https://example.com/a?b=c&amp;d">x <b>y</b></a>', '[x **y**](https://example.com/a?b=c&d)'],
    [
      'an address that would end early',
      '<a href="https://example.com/a(b)[c]">x</a>',
      '[x](https://example.com/a%28b%29%5bc%5d)',
    ],
    ['an address that is its own text', '<a href="https://example.com">https://example.com</a>', 'https://example.com'],
    [
      'mail',
      '<a href="mailto:a@example.com">a@example.com</a> <a href="mailto:b@example.com">B</a>',
      'a@example.com [B](mailto:b@example.com)',
    ],
    [
      'an image',
      '<a href="https://example.com"><img src="x.png" alt="Our logo"></a>',
      '[Our logo](https://example.com/)',
    ],
    ['nothing', '<a href="https://example.com"> </a>x', 'x'],
    ['scripts', '<a href="javascript:alert(1)">x</a><a href=" java\nscript:alert(1)">y</a>', 'xy'],
    [
      'data, files, relative addresses',
      '<a href="data:text/html,x">x</a> <a href="file:///etc/passwd">y</a> <a href="/z">z</a>',
      'x y z',
    ],
    [
      'a link in a link',
      '<a href="https://a.example"><a href="https://b.example">x</a></a>',
      '[x](https://b.example/)',
    ],
  ])('links to %s', (_what, html, markdown) => {
    expect(htmlToMarkdown(html)).toBe(markdown);
  });

  it('without scripts, styles, comments and images that say nothing', () => {
    const html =
      '<html><head><title>T</title><style>p{}</style></head><body><!-- c --><script>alert("</p>")</script>' +
      '<img src="https://tracker.example/1.gif"><svg><text>s</text></svg><p onclick="x()">Text</p><textarea>t</textarea></body></html>';
    expect(htmlToMarkdown(html)).toBe('Text');
  });

  it('and shows where it was cut', () => {
    const markdown = htmlToMarkdown(`<p>${'a'.repeat(LONGEST_HTML)}</p>`);
    expect(markdown).toHaveLength(LONGEST_HTML - '<p>'.length + 1);
    expect(markdown.endsWith('a…')).toBe(true);
    expect(htmlToMarkdown(`${'a '.repeat(LONGEST_HTML / 2 - 2)}<table>`)).toMatch(/a a…$/);
  });
});

describe('HTML in parts', () => {
  const quotes = (name: string): 'quote' | undefined => (name === 'blockquote' ? 'quote' : undefined);

  it.each([
    ['one where nothing is set apart', '<p>a</p><p>b</p>', [['a\n\nb', undefined]]],
    [
      'before, within and behind',
      '<p>a</p><blockquote>b<br>c</blockquote>d',
      [
        ['a', undefined],
        ['\n> b\n> c', 'quote'],
        ['\nd', undefined],
      ],
    ],
    [
      'the outermost of nested ones',
      '<blockquote>a<blockquote>b</blockquote>c</blockquote>',
      [['> a\n>\n> > b\n>\n> c', 'quote']],
    ],
    [
      'with marks that are closed and opened again',
      '<b>a<blockquote>b</blockquote>c</b>',
      [
        ['**a**', undefined],
        ['\n> **b**', 'quote'],
        ['\n**c**', undefined],
      ],
    ],
    [
      'ended by the end of the document',
      'a<blockquote><pre>b',
      [
        ['a', undefined],
        ['\n> ```\n> b\n> ```', 'quote'],
      ],
    ],
    ['without empty ones', '<blockquote></blockquote><p>a</p><blockquote> </blockquote>', [['a', undefined]]],
    [
      'not within what is skipped or preformatted',
      '<pre>a<blockquote>b</blockquote></pre>',
      [['```\nab\n```', undefined]],
    ],
  ])('%s', (_what, html, parts) => {
    expect(htmlToParts(html, quotes).map(({ text, label }) => [text, label])).toEqual(parts);
    expect(parts.map(([text]) => text).join('\n')).toBe(htmlToMarkdown(html));
  });

  it('shows in the last one where it was cut', () => {
    const parts = htmlToParts(`a<blockquote>${'b'.repeat(LONGEST_HTML)}</blockquote>c`, quotes);
    expect(parts.map(({ text }) => text.slice(-2))).toEqual(['a', 'b…']);
    expect(htmlToParts('<i>'.repeat(LONGEST_HTML), quotes)).toEqual([{ text: '…', label: undefined }]);
  });
});

describe('text that may be HTML', () => {
  it.each(['<p>a</p>', 'a<br/>b', 'a<BR >b', '<a href="x">', 'a &amp; b', '&#39;'])('is HTML: %s', (text) => {
    expect(looksLikeHtml(text)).toBe(true);
  });

  it.each(['a < b > c', 'John <john@example.com>', '<https://example.com>', 'a & b;', 'R&D', '<unknown>'])(
    'is plain: %s',
    (text) => {
      expect(looksLikeHtml(text)).toBe(false);
    },
  );
});

/**
 * A converter that was tried first (node-html-markdown 2.0.0) took 2.7 s for one long word in a list item and made 40 MB
 * of a 60 kB table. Anything quadratic here runs into Jest's time limit.
 */
describe('hostile HTML', () => {
  const LONG = 200_000;
  it.each([
    '<div>',
    '</div>',
    '<b>',
    '<blockquote>a<br>',
    '<ul><li>',
    '<li>a',
    '<a href="https://example.com">a ',
    '<code>`',
    '<pre>',
    '<table><tr><td>a',
    '<',
    '<a ',
    '<a b="',
    '<!--',
    '<![CDATA[',
    '<script>',
    '&',
    '&#',
    '&amp',
    '`',
    '\n',
    ' ',
    'a',
    '<p>a</b>',
    '<svg><desc>',
    '<form>',
    '<br>a',
  ])('is done with soon: %j without end', (filler) => {
    const html = filler.repeat(LONG / filler.length);
    expect(htmlToMarkdown(html).length).toBeLessThan(30 * LONGEST_HTML);
    expect(htmlToMarkdown(`<ul><li><blockquote><pre>${html}`).length).toBeLessThan(30 * LONGEST_HTML);
    looksLikeHtml(html);
  });

  it('may nest a hundred thousand levels; below a hundred only the text stays', () => {
    expect(htmlToMarkdown('<div>'.repeat(100_000) + 'x' + '</div>'.repeat(100_000))).toBe('…');
    expect(htmlToMarkdown(`${'<div>'.repeat(99)}<b>x</b>`)).toBe('**x**');
    expect(htmlToMarkdown(`${'<div>'.repeat(100)}<b>x</b>`)).toBe('x');
    expect(htmlToMarkdown(`${'<i>'.repeat(10_000)}x${'</b>'.repeat(5_000)}<p>y`)).toBe('*x*\n\n*y*');
    expect(htmlToMarkdown(`${'<blockquote>'.repeat(150)}x${'</blockquote>'.repeat(150)}y`)).toBe('> > > > > > x\n\ny');
  });

  it('leaves no tag of its own, whatever is nested in what', () => {
    const tags = 'a b i p br hr h1 ul ol li pre code blockquote table tr td div span script style img unknown'.split(
      ' ',
    );
    const piece = fc.oneof(
      fc.constantFrom(...tags.flatMap((tag) => [`<${tag}>`, `</${tag}>`, `<${tag} href="https://example.com" alt=x>`])),
      fc.constantFrom('word', ' ', '\n', '*', '`', '&amp;', '&nbsp;'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const markdown = htmlToMarkdown(pieces.join(''));
        expect(markdown).not.toMatch(/<|[ \t]$|^\s/);
        // Preformatted text keeps its own blank lines.
        if (!pieces.some((text) => text.startsWith('<pre'))) expect(markdown).not.toMatch(/\n{3}/);
      }),
      { numRuns: 1_000 },
    );
  });
});
