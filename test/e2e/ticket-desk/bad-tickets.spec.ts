import { dataOf, DeskClient } from './desk-client.js';

const NOBODY = '0190a000-0000-7000-8000-000000000000';

describe('bad input at the desk', () => {
  let desk: DeskClient;

  beforeAll(async () => {
    desk = await DeskClient.start();
  });
  afterAll(() => desk.stop());

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{"ticket_message": "x"', 400, 'invalid_json'],
    ['nothing', '', 400, 'validation_failed'],
    ['null', 'null', 400, 'validation_failed'],
    ['a list', [{ ticket_message: 'x' }], 400, 'validation_failed'],
    ['a text', '"x"', 400, 'validation_failed'],
    ['no message', {}, 400, 'validation_failed'],
    ['null as message', { ticket_message: null }, 400, 'validation_failed'],
    ['a number as message', { ticket_message: 5 }, 400, 'validation_failed'],
    ['a list as message', { ticket_message: ['x'] }, 400, 'validation_failed'],
    ['an object as message', { ticket_message: { toString: 'x' } }, 400, 'validation_failed'],
    ['an empty message', { ticket_message: '' }, 400, 'validation_failed'],
    ['a blank message', { ticket_message: ' \n\t\u200b\u2003' }, 400, 'validation_failed'],
    ['NUL', { ticket_message: 'a\0b' }, 400, 'validation_failed'],
    ['an escape', { ticket_message: 'a\u001b[31mb' }, 400, 'validation_failed'],
    ['DEL', { ticket_message: 'a\u007fb' }, 400, 'validation_failed'],
    ['a C1 control', { ticket_message: 'a\u0085b' }, 400, 'validation_failed'],
    ['a lone surrogate', '{"ticket_message": "a\\ud800"}', 400, 'validation_failed'],
    ['an unknown field', { ticket_message: 'x', title: 'y' }, 400, 'validation_failed'],
    ['a prototype', '{"ticket_message": "x", "__proto__": {"a": 1}}', 400, 'invalid_json'],
    ['65,537 bytes', { ticket_message: 'x'.repeat(65_537) }, 413, 'message_too_long'],
    ['65,538 bytes in 32,769 characters', { ticket_message: 'é'.repeat(32_769) }, 413, 'message_too_long'],
    ['ten megabytes', { ticket_message: 'x'.repeat(10_000_000) }, 413, 'body_too_large'],
  ])('%s opens and changes nothing', async (_story, body, status, code) => {
    const id = await desk.open('Untouched');
    const before = await desk.request('GET', '/tickets?limit=1');
    const paths = [
      ['POST', '/tickets'],
      ['PATCH', `/tickets/${id}`],
    ] as const;
    for (const [method, path] of paths) {
      const answer = await desk.request(method, path, body);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.body['detail']).toEqual(expect.stringMatching(/.{10}/));
    }
    expect((await desk.request('GET', '/tickets?limit=1')).body).toEqual(before.body);
    expect(await desk.events(`&ticket=${id}`)).toHaveLength(1);
  });

  it('takes what a message may hold: 65,536 bytes, lines and tabs, any script', async () => {
    for (const message of ['x'.repeat(65_536), 'é'.repeat(32_768), '\ta\r\nb', '👩‍👩‍👧 שלום', '<b>&amp;', '?']) {
      const id = await desk.open(message);
      expect(dataOf(await desk.request('GET', `/tickets/${id}`))['ticket_message']).toBe(message);
    }
  });

  it.each<[string, object | undefined, number, string]>([
    ['/tickets/5', undefined, 400, 'invalid_id'],
    ['/tickets/5', { ticket_message: 'x' }, 400, 'invalid_id'],
    [`/tickets/${NOBODY}`, undefined, 404, 'not_found'],
    [`/tickets/${NOBODY}`, { ticket_message: 'x' }, 404, 'not_found'],
  ])('%s, %j: %i', async (path, body, status, code) => {
    const methods = body ? ['PATCH'] : ['GET', 'DELETE'];
    for (const method of methods) {
      const answer = await desk.request(method, path, body);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
    }
  });

  it.each<[string, object]>([
    ['a text', { version: '1' }],
    ['a fraction', { version: 1.5 }],
    ['zero', { version: 0 }],
    ['null', { version: null }],
    ['more than a version can be', { version: 2_147_483_648 }],
  ])('a version that is %s is refused', async (_story, version) => {
    const id = await desk.open('Versions');
    expect((await desk.request('PATCH', `/tickets/${id}`, { ticket_message: 'x', ...version })).body).toMatchObject({
      code: 'validation_failed',
    });
  });
});
