import * as fc from 'fast-check';
import { stringify } from 'qs';
import { parseBody, UnreadableBodyError } from './parse-body.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const LABELS = [undefined, '', JSON_TYPE, FORM_TYPE, 'text/plain', 'multipart/form-data', 'nonsense; charset=klingon'];

const parseText = (text: string, contentType?: string): unknown => parseBody(Buffer.from(text), contentType);

describe('JSON', () => {
  it.each(LABELS)('is read under the label %p', (label) => {
    expect(parseText('{"a":[1,"é",null]}\r\n', label)).toEqual({ a: [1, 'é', null] });
  });

  it.each([
    ['a UTF-8 mark', '\ufeff{"a":"é"}', 'utf8', undefined],
    ['a UTF-16 mark', '\ufeff{"a":"é"}', 'utf16le', undefined],
    ['the label utf-16le', '{"a":"é"}', 'utf16le', 'application/json; charset=UTF-16LE'],
    ['the label iso-8859-1', '{"a":"é"}', 'latin1', 'application/json;charset="ISO-8859-1"'],
    ['an unknown label', '{"a":"é"}', 'utf8', 'application/json; charset=klingon'],
  ] as const)('is decoded by %s', (_what, text, encoding, contentType) => {
    expect(parseBody(Buffer.from(text, encoding), contentType)).toEqual({ a: 'é' });
  });

  it('keeps the digits of integers that a number cannot hold', () => {
    const text =
      '{"id":12345678901234567890,"to":[-9007199254740993,9007199254740991],"text":"12345678901234567890 \\"1"}';
    expect(parseText(text)).toEqual({
      id: '12345678901234567890',
      to: ['-9007199254740993', 9007199254740991],
      text: '12345678901234567890 "1',
    });
    expect(parseText('[1.2345678901234567890,12345678901234567890e2]')).toEqual([
      Number('1.2345678901234567890'),
      Number('12345678901234567890e2'),
    ]);
  });

  it('takes __proto__ for a key like any other', () => {
    const body = parseText('{"__proto__":{"polluted":true},"a":1}') as Record<string, unknown>;
    expect(Object.keys(body)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  });

  it.each(['[', '{"a":', '[{"a":'])('may nest a hundred levels of %s and no more', (opener) => {
    const closer = opener === '[' ? ']' : opener === '{"a":' ? '}' : '}]';
    const nest = (times: number): string => opener.repeat(times) + '1' + closer.repeat(times);
    expect(() => parseText(nest(50))).not.toThrow();
    expect(() => parseText(nest(101))).toThrow('it nests deeper than 100 levels');
    expect(() => parseText(nest(100_000))).toThrow(UnreadableBodyError);
    expect(() => parseText(opener.repeat(1_000_000))).toThrow(UnreadableBodyError);
  });

  it('comes back as it went in, whatever it is and however it is labelled', () => {
    const value = fc.jsonValue().filter((json) => !/(?<![.\d])\d{16,}(?![.\d]*e)/.test(JSON.stringify(json)));
    fc.assert(
      fc.property(value, fc.constantFrom(...LABELS), (json, label) => {
        expect(parseText(JSON.stringify(json, null, 2), label)).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });
});

describe('a form', () => {
  it.each([FORM_TYPE, JSON_TYPE, undefined, 'text/plain'])('nests by brackets under the label %p', (label) => {
    const text =
      'ticket[id]=10&ticket[user][name]=J%C3%BCrgen+K&ticket%5Btags%5D%5B%5D=a&ticket[tags][]=b&a[b][c][d][e][f]=x&empty=\n';
    expect(parseText(text, label)).toEqual({
      ticket: { id: '10', user: { name: 'Jürgen K' }, tags: ['a', 'b'] },
      a: { b: { c: { d: { e: { f: 'x' } } } } },
      empty: '',
    });
  });

  it('keeps the keys of maps by number and makes lists of the others, however long', () => {
    const rows = Array.from({ length: 150 }, (_, index) => `row[${index}][id]=${index}`).join('&');
    const body = parseText(`map[7]=w&fields[5]=x&fields[812]=y&one[0]=z&${rows}`, FORM_TYPE) as { row: unknown[] };
    expect(body).toMatchObject({ map: { 7: 'w' }, fields: { 5: 'x', 812: 'y' }, one: ['z'] });
    expect(body.row).toHaveLength(150);
    expect(body.row[149]).toEqual({ id: '149' });
  });

  it('may hold JSON documents, of which only those at the top are parsed', () => {
    const text = stringify({
      payload: '{"ticket": {"id": 12345678901234567890}}',
      tags: '["a"]',
      broken: '{"a":',
      title: '[2]',
      nothing: '{}',
      ticket: { body: '{"error": 500}' },
    });
    expect(parseText(text, FORM_TYPE)).toEqual({
      payload: { ticket: { id: '12345678901234567890' } },
      tags: ['a'],
      broken: '{"a":',
      title: '[2]',
      nothing: '{}',
      ticket: { body: '{"error": 500}' },
    });
  });

  it('drops __proto__ and keeps constructor', () => {
    const body = parseText('__proto__[a]=1&a[__proto__][b]=2&constructor[prototype][c]=3&d=4') as Record<
      string,
      unknown
    >;
    expect(Object.keys(body).sort()).toEqual(['a', 'constructor', 'd']);
    expect(({} as Record<string, unknown>)['c']).toBeUndefined();
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  });

  it('is decoded by its charset', () => {
    expect(parseBody(Buffer.from('name=J%FCrgen&town=K\xf6ln', 'latin1'), `${FORM_TYPE}; charset=iso-8859-1`)).toEqual({
      name: 'Jürgen',
      town: 'Köln',
    });
  });

  it('has at most 2000 fields', () => {
    expect(() => parseText('a=1&'.repeat(2_000), FORM_TYPE)).toThrow('it has more than 2000 fields');
    expect(parseText('a=1&'.repeat(1_999), FORM_TYPE)).toHaveProperty('a');
  });

  it('comes back as it went in', () => {
    const key = fc.stringMatching(/^[a-z_]{1,8}$/).filter((name) => name !== '__proto__');
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/^\s*[[{]/.test(value));
    const { form } = fc.letrec((tie) => ({
      form: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 }),
      node: fc.oneof({ depthSize: 'small' }, text, fc.array(text, { minLength: 1, maxLength: 4 }), tie('form')),
    }));
    fc.assert(
      fc.property(form, (value) => {
        fc.pre(!/\s$/.test(decodeURIComponent(stringify(value).slice(-1))));
        expect(parseText(stringify(value), FORM_TYPE)).toEqual(value);
      }),
    );
  });
});

describe('multipart', () => {
  async function encode(form: FormData): Promise<[Buffer, string]> {
    const response = new Response(form);
    return [Buffer.from(await response.arrayBuffer()), response.headers.get('content-type') ?? ''];
  }

  it.each([true, false])('fields nest by brackets, files give their names (labelled: %p)', async (isLabelled) => {
    const form = new FormData();
    form.append('ticket[title]', 'Ünïcode "quoted"\r\nsecond line & more=');
    form.append('payload', '{"a": 1}');
    form.append('ticket[tags][]', 'a');
    form.append('ticket[tags][]', 'b');
    form.append('file "1"', new Blob([Buffer.alloc(1_000, 0xff)]), 'bïll.pdf');
    const [bytes, contentType] = await encode(form);
    expect(parseBody(bytes, isLabelled ? contentType : undefined)).toEqual({
      ticket: { title: 'Ünïcode "quoted"\r\nsecond line & more=', tags: ['a', 'b'] },
      payload: { a: 1 },
      'file %221%22': 'bïll.pdf',
    });
  });

  it('is read with bare line feeds, a preamble, a charset and an epilogue', () => {
    const text =
      'preamble\n--x\nContent-Disposition: form-data; name=a\n\n1\n--x\nContent-Type: text/plain; charset=iso-8859-1\ncontent-disposition: form-data; name="b"\n\n\xfc\n--x--\nepilogue';
    expect(parseBody(Buffer.from(text, 'latin1'), 'Multipart/Form-Data; boundary="x"')).toEqual({ a: '1', b: 'ü' });
  });

  it.each([
    ['its closing boundary is missing', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'],
    ['it has no fields', '--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--'],
    [
      'it has more than 2000 parts',
      `--x\r\n${'Content-Disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\n'.repeat(2_500)}--x--`,
    ],
  ])('says that %s', (problem, text) => {
    expect(() => parseText(text, 'multipart/form-data; boundary=x')).toThrow(problem);
  });
});

describe('what cannot be read', () => {
  it.each(['', ' \r\n', '\ufeff'])('is empty: %j', (text) => {
    expect(() => parseText(text, JSON_TYPE)).toThrow('The body is empty.');
  });

  it.each([
    ['broken JSON', '{"a":"b=c"', FORM_TYPE],
    ['XML', '<a b="c"/>', FORM_TYPE],
    ['prose', 'the answer is a=b', undefined],
    ['a word under the label of a form', 'ping', FORM_TYPE],
  ])('is %s', (_what, text, label) => {
    expect(() => parseText(text, label)).toThrow(UnreadableBodyError);
  });

  it('is explained without a word of it', () => {
    expect(() => parseText('{"secret":"swordfish"', JSON_TYPE)).toThrow(
      'The body cannot be read. It was tried as JSON (it begins like it but breaks its rules), ' +
        'multipart/form-data (neither labelled so nor begun like it), a form (it does not look like one).',
    );
  });

  it('never fails in another way', () => {
    const fragments = fc.constantFrom(
      '{',
      '[',
      '"',
      '&',
      '=',
      '%',
      '[]',
      '\0',
      '--x\r\n',
      'Content-Disposition: form-data; name=',
      '\\',
      '1',
      ':',
      ',',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.array(fragments, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
    );
    const label = fc.oneof(fc.constantFrom(...LABELS, 'multipart/form-data; boundary=x'), fc.string());
    fc.assert(
      fc.property(bytes, label, (body, contentType) => {
        try {
          parseBody(body, contentType);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableBodyError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not hang on five megabytes of anything', () => {
    for (const filler of ['[', '[],', '"', '\\', '1', '&', 'a[', 'a=[&', '--x\n', '\n--', ' ', '%', '{"a":1},']) {
      for (const label of [JSON_TYPE, FORM_TYPE, 'multipart/form-data; boundary=x']) {
        try {
          parseText(filler.repeat(5_000_000 / filler.length), label);
        } catch (error) {
          // By its words, so that a failure says what else it was.
          expect((error as Error).stack).toMatch(/^UnreadableBodyError/);
        }
      }
    }
  }, 20_000);
});
