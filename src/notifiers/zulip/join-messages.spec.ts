import fc from 'fast-check';
import type { ComposedMessage } from '../notifier.js';
import { hostileText } from '../testing/hostile-text.js';
import { countCodePoints } from './cut-text.js';
import { joinMessages } from './join-messages.js';
import { storedContent } from './stored-content.js';
import { LONGEST_CONTENT } from './zulip-limits.js';

const message = (content: string, topic = '#9', channel = 'support'): ComposedMessage => ({ channel, topic, content });
const joined = (...contents: string[]): string | undefined =>
  joinMessages(contents.map((content) => message(content)))?.content;

describe('joinMessages', () => {
  it('puts a rule between messages', () => {
    expect(joinMessages([message('one\n> quoted'), message('two'), message('three')])).toEqual(
      message('one\n> quoted\n\n---\n\ntwo\n\n---\n\nthree'),
    );
  });

  it('has nothing to join in one message, whatever it is, and nothing to say of none', () => {
    const alone = message('/me sighs\n```');
    expect(joinMessages([alone])).toBe(alone);
    expect(joinMessages([])).toBeUndefined();
  });

  it('keeps channels and topics apart', () => {
    expect(joinMessages([message('a'), message('b', '✔ #9')])).toBeUndefined();
    expect(joinMessages([message('a'), message('b', '#9', 'billing')])).toBeUndefined();
  });

  it.each([
    ['a code block that is closed', '```\ncode\n```'],
    ['a code block with a language', '~~~~ python\ncode\n~~~~'],
    ['a code block with an odd language', '``` {.c++}\ncode\n```'],
    ['a quote block that is closed, and more', 'See:\n```quote\ntext\n```  \nand more'],
    ['a spoiler', '```spoiler What you see\ntext\n```'],
    ['two blocks', '```\na\n```\n~~~\nb\n~~~'],
    ['fences within a quotation', '> ```\n> ~~~'],
    ['fences that are code themselves', '    ```'],
    ['inline code', 'the ```code``` of it'],
    ['a command that is none', '/meet me'],
    ['a command further on', 'Say\n/me'],
  ])('joins %s', (_what, content) => {
    expect(joined('before', content, 'after')).toBe(`before\n\n---\n\n${content}\n\n---\n\nafter`);
  });

  it.each([
    ['a code block that is not closed', '```\ncode'],
    ['a quote block that is not closed', 'text\n```quote\ntext'],
    ['a closing fence that is longer', '```\ncode\n````'],
    ['a closing fence of the other kind', '```\ncode\n~~~'],
    ['a closing fence that is indented', '```\ncode\n  ```'],
    ['a closing fence with a character behind it that only JavaScript trims', '```\ncode\n```\ufeff'],
    ['a fence behind a carriage return', 'a\r```'],
    ['an indented fence', '  ```\ncode\n```'],
    ['an indented block', '  ```\ncode\n  ```'],
    ['a fence in a quote block', '```quote\n~~~\n```'],
    ['what begins like a fence and is none', '```a`b\ncode\n```'],
    ['/me', '/me sighs'],
    ['/poll', '/poll Lunch?\nyes\nno'],
    ['/todo', '/todo'],
  ])('leaves %s alone', (_what, content) => {
    for (const contents of [
      ['before', content],
      [content, 'after'],
    ]) {
      expect(joined(...contents)).toBeUndefined();
    }
  });

  it('fills a message to the last character, as Zulip counts', () => {
    const most = '😀'.repeat(LONGEST_CONTENT - 8);
    expect(countCodePoints(joined('a', most) ?? '')).toBe(LONGEST_CONTENT);
    expect(joined('ab', most)).toBeUndefined();
  });

  it('keeps every content in order, within the limit, in stored form', () => {
    const stored = hostileText()
      .map(storedContent)
      .filter((content) => content !== '');
    fc.assert(
      fc.property(fc.array(stored, { minLength: 1, maxLength: 60 }), (contents) => {
        const together = joined(...contents);
        if (together === undefined) return;
        let from = 0;
        for (const content of contents) {
          const at = together.indexOf(content, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + content.length;
        }
        expect(countCodePoints(together)).toBeLessThanOrEqual(LONGEST_CONTENT);
        expect(storedContent(together)).toBe(together);
      }),
    );
  });
});
