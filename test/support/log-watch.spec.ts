import { LogWatch } from './log-watch.js';

describe('LogWatch', () => {
  let watch: LogWatch;

  beforeEach(() => {
    watch = new LogWatch();
  });

  const KEY = `dw_${'kK3-'.repeat(10)}`;
  const TOKEN = 'tT3_'.repeat(11).slice(1);

  it.each<[string, () => void, string]>([
    [
      'a key that an answer shows',
      () => {
        watch.keepMadeIn(`{"key":"${KEY}"}`);
      },
      KEY,
    ],
    [
      'the token of a hook',
      () => {
        watch.keepMadeIn(`http://h/hooks/groove/${TOKEN}?x=1`);
      },
      TOKEN,
    ],
    [
      'what a request entrusts',
      () => {
        watch.keepFieldsOf({ secrets: { signing_secrets: ['open sesame'] } });
      },
      'open sesame',
    ],
    [
      'a bot’s key',
      () => {
        watch.keepFieldsOf({ zuliprc: '[api]\nkey=abcdefghij\n' });
      },
      'abcdefghij',
    ],
    [
      'one that JSON spells in another way',
      () => {
        watch.keep('say "please"');
      },
      'say \\"please\\"',
    ],
  ])('finds %s in a line', (_story, keep, leaked) => {
    keep();
    watch.write(`{"msg":"harmless"}\n`);
    expect(watch.leaks()).toEqual([]);
    watch.write(`{"msg":"so it was ${leaked}"}\n`);
    expect(watch.leaks()).toMatchObject([{ line: `{"msg":"so it was ${leaked}"}\n` }]);
  });

  it('finds it in what a process wrote, but for the message that shows it', () => {
    watch.keepOutputOf(`Your key: ${KEY}\n{"msg":"started"}\n`, '');
    expect(watch.leaks()).toEqual([]);
    watch.keepOutputOf('', `Error: ${KEY}\n`);
    expect(watch.leaks()).toMatchObject([{ secret: KEY }]);
  });
});
