import { asPayload, readFlag, readLine, readList, readPayload, readText, readValue } from './read-payload.js';

const payload =
  asPayload(
    JSON.parse(
      '{"line":" a ","text":" a\\nb ","blank":" ","number":7,"flag":"1","no":"False","list":[1],"object":{"a":1},"__proto__":{"x":1}}',
    ),
  ) ?? {};

describe('reading a payload', () => {
  it('takes objects only', () => {
    expect([null, undefined, [], 'a', 1, true].map(asPayload)).toEqual(Array(6).fill(undefined));
  });

  it('sees own properties only', () => {
    expect(readValue(payload, 'constructor')).toBeUndefined();
    expect(readLine(readPayload(payload, 'constructor'), 'name')).toBeUndefined();
    expect(readPayload(payload, '__proto__')).toEqual({ x: 1 });
  });

  it('reads lines: trimmed, numbers too, nothing else', () => {
    const lines = ['line', 'number', 'blank', 'flag', 'list', 'object', 'missing'].map((name) =>
      readLine(payload, name),
    );
    expect(lines).toEqual(['a', '7', undefined, '1', undefined, undefined, undefined]);
    expect(readLine({ a: Number.POSITIVE_INFINITY }, 'a')).toBeUndefined();
  });

  it('reads texts as they are', () => {
    expect(['text', 'number', 'blank'].map((name) => readText(payload, name))).toEqual([' a\nb ', '7', undefined]);
  });

  it('reads flags in every spelling', () => {
    expect([true, 'TRUE', 1, '1', 'yes'].map((flag) => readFlag({ flag }, 'flag'))).toEqual(Array(5).fill(true));
    expect([false, 'False', 0, '0', 'no'].map((flag) => readFlag({ flag }, 'flag'))).toEqual(Array(5).fill(false));
    expect([null, '', 2, 'maybe', [], {}].map((flag) => readFlag({ flag }, 'flag'))).toEqual(Array(6).fill(undefined));
  });

  it('reads lists and objects, empty where there is none', () => {
    expect([readList(payload, 'list'), readList(payload, 'object')]).toEqual([[1], []]);
    expect([readPayload(payload, 'object'), readPayload(payload, 'list')]).toEqual([{ a: 1 }, {}]);
  });
});
