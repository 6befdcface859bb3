import { type HeardRequest, type JsonAnswer, JsonServer } from '../../../test/support/json-server.js';
import { HelpdeskError } from '../../ticket-event/errors.js';
import { expectSuccess } from './expect-success.js';
import type { HelpdeskAnswer } from './helpdesk-client.js';
import { type HelpdeskParts, makeHelpdeskParts } from './testing/helpdesk-parts.js';

const TOKEN = 'a-token-of-the-helpdesk';

class Echo extends JsonServer {
  static start(): Promise<Echo> {
    return new Echo().listen();
  }

  protected answer({ body }: HeardRequest): JsonAnswer {
    return { status: 200, body: { heard: body ?? null }, headers: { 'retry-after': '7' } };
  }
}

describe('the client of helpdesks', () => {
  let parts: HelpdeskParts;
  let server: Echo;

  beforeEach(async () => {
    parts = makeHelpdeskParts();
    server = await Echo.start();
  });
  afterEach(async () => {
    await server.stop();
    await parts.http.onApplicationShutdown();
  });

  const post = (timeLimitMs = 5_000, address = server.url, token = TOKEN): Promise<HelpdeskAnswer> =>
    parts.client.request({ address, token }, { method: 'POST', path: '/a?b=c', body: { d: 'é' }, timeLimitMs });
  const errorOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
  const inWords = (work: Promise<HelpdeskAnswer>): Promise<unknown> =>
    errorOf(expectSuccess('The helpdesk did not do it', work));

  it('sends JSON with the token, and reads what comes back', async () => {
    expect(await post()).toEqual({ status: 200, body: { heard: { d: 'é' } }, retryAfterMs: 7_000 });
    const [request] = server.heard;
    expect([request?.method, request?.path, request?.body]).toEqual(['POST', '/a?b=c', { d: 'é' }]);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' });
  });

  it('sends neither a token nor a body that it does not have', async () => {
    const answer = await parts.client.request(
      { address: server.url },
      { method: 'GET', path: '/', timeLimitMs: 5_000 },
    );
    expect(answer.body).toEqual({ heard: null });
    expect(server.heard[0]?.headers).not.toHaveProperty('authorization');
    expect(server.heard[0]?.headers).not.toHaveProperty('content-type');
  });

  it('reads nothing in an answer that is empty', async () => {
    server.misbehave(() => ({ status: 204 }));
    expect(await post()).toEqual({ status: 204, body: null });
  });

  it('says in words why there is no answer, without the token', async () => {
    server.misbehave(() => 'hang');
    expect(await errorOf(post(300))).toEqual(new HelpdeskError('it did not answer within 0.3 s.'));
    server.misbehave(() => 'reset');
    expect(await errorOf(post())).toMatchObject({ message: expect.stringMatching(/^it cannot be reached: .+\.$/) });
    const unusable = 'it cannot be asked: check settings.api_url.';
    expect(await errorOf(post(300, 'no address'))).toEqual(new HelpdeskError(unusable));
    const unsent = await errorOf(post(300, server.url, `${TOKEN}\n${TOKEN}`));
    expect(unsent).toEqual(new HelpdeskError('it cannot be reached: invalid authorization header.'));
  });

  it.each<[JsonAnswer, string]>([
    [{ status: 401, body: { error: TOKEN } }, 'it refuses secrets.api_token (HTTP 401).'],
    [{ status: 404 }, 'there is nothing at this address (HTTP 404): check settings.api_url.'],
    [{ status: 429, headers: { 'retry-after': '12' } }, 'it has been asked too often (HTTP 429): try again in 12 s.'],
    [{ status: 429 }, 'it has been asked too often (HTTP 429): try again later.'],
    [{ status: 302, headers: { location: '/b' } }, 'it answered with HTTP 302.'],
    [{ status: 500, body: { error: TOKEN } }, 'it answered with HTTP 500.'],
  ])('says in words what %p means', async (answer, words) => {
    server.misbehave(() => answer);
    expect(await inWords(post())).toEqual(new HelpdeskError(`The helpdesk did not do it: ${words}`));
  });

  it('takes other statuses for a success where they come to the same', async () => {
    server.misbehave(() => ({ status: 404 }));
    expect(await expectSuccess('It did not go', post(), [404])).toMatchObject({ status: 404 });
    server.misbehave(() => 'reset');
    const words = expect.stringMatching(/^The helpdesk did not do it: it cannot be reached: .+\.$/);
    expect(await inWords(post())).toMatchObject({ message: words });
  });
});
