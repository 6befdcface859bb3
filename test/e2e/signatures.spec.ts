import { SIGNERS } from '../../src/intake/signatures/testing/signers.js';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';

const SECRET = 'c2VjcmV0LW9mLXRoZS1oZWxwZGVzay0wMDE=';
/** Whatever parses it and writes it anew writes other bytes. */
const BODY = Buffer.from('{ "title" : "Signed\\u0021",\r\n  "description":  "caf\\u00e9", "metadata": {"n": 1.0} }\n');

describe('signatures of helpdesks', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it.each(SIGNERS.filter(({ signsBody }) => signsBody))('$name: are checked on the bytes that came', async (signer) => {
    const { body: source } = await gateway.api('POST', '/sources', {
      name: signer.name,
      provider: 'generic',
      settings: signer.settings,
      secrets: { signing_secrets: ['bm90LXRoaXMtb25lLW5vdC10aGlzLW9uZQ==', SECRET] },
    });
    const post = (signed: Buffer): Promise<Answer> =>
      call(String(source['hook_url']), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signer.sign(SECRET, signed, new Date()) },
        body: new Uint8Array(BODY),
      });
    const anew = await post(Buffer.from(JSON.stringify(JSON.parse(BODY.toString()))));
    expect([anew.status, anew.body['code']]).toEqual([401, 'invalid_signature']);
    expect((await post(BODY)).status).toBe(202);
  });
});
