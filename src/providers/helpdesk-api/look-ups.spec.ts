import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { FakeGroove } from '../../../test/support/fake-groove.js';
import type { Decision } from '../../../test/support/json-server.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { LookUps } from './look-ups.js';
import type { Question } from './source-look-ups.js';
import { type HelpdeskParts, makeHelpdeskParts } from './testing/helpdesk-parts.js';

interface Title {
  title: string;
}

const SOURCE = 'a source';

function about(ticket: number): Question<Title> {
  return {
    path: `/v1/tickets/${ticket}`,
    read: (body) => (body as { ticket: Partial<Title> }).ticket as Title,
  };
}

describe('look-ups', () => {
  let clock: FakeClock;
  let parts: HelpdeskParts;
  let groove: FakeGroove;
  let lookUps: LookUps<Title>;
  /** Ends what hangs. */
  let answerAll: (decision?: Decision) => void;
  let warnings: jest.SpiedFunction<Logger['warn']>;

  beforeEach(async () => {
    warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    clock = new FakeClock();
    parts = makeHelpdeskParts(clock);
    groove = await FakeGroove.start();
    for (let ticket = 1; ticket <= 50; ticket += 1) groove.tickets.set(String(ticket), { title: `Ticket ${ticket}` });
    lookUps = parts.desk.open('groove');
  });
  afterEach(async () => {
    await groove.stop();
    await parts.http.onApplicationShutdown();
    warnings.mockRestore();
  });

  const ask = async (...tickets: number[]): Promise<(string | undefined)[]> => {
    const access = { address: groove.url, token: groove.token };
    return (await lookUps.answer(SOURCE, access, tickets.map(about))).map((fact) => fact?.title);
  };
  /** From now on answers wait for `answerAll`. */
  const holdBack = (): void => {
    let open: (decision?: Decision) => void = () => undefined;
    const gate = new Promise<Decision | undefined>((resolve) => (open = resolve));
    answerAll = open;
    groove.misbehave(() => gate);
  };
  const untilAsked = (count: number): Promise<unknown> => waitUntil(() => groove.heard.length >= count);
  const failWith = (decision: Decision): void => {
    groove.misbehave(() => decision);
  };

  it('learns in the order of the questions, and asks no second time for minutes', async () => {
    expect(await ask(2, 1)).toEqual(['Ticket 2', 'Ticket 1']);
    clock.advance(599_999);
    expect(await ask(1, 2)).toEqual(['Ticket 1', 'Ticket 2']);
    expect(groove.heard).toHaveLength(2);
    groove.tickets.set('1', { title: 'Another' });
    clock.advance(1);
    expect(await ask(1)).toEqual(['Another']);
  });

  it('asks once for all who want to know the same at the same time', async () => {
    holdBack();
    const asked = Promise.all([ask(1, 1), ask(1), ask(1)]);
    await untilAsked(1);
    answerAll();
    expect(await asked).toEqual([['Ticket 1', 'Ticket 1'], ['Ticket 1'], ['Ticket 1']]);
    expect(groove.asked).toEqual(['GET /v1/tickets/1']);
  });

  it('asks few questions at once', async () => {
    const tickets = Array.from({ length: 50 }, (_, index) => index + 1);
    expect(await ask(...tickets)).toEqual(tickets.map((ticket) => `Ticket ${ticket}`));
    expect(groove.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it.each<[string, Decision | undefined]>([
    ['knows nothing', undefined],
    ['does not understand', { status: 422 }],
    ['answers in an unknown form', { status: 200, body: { error: 'no' } }],
  ])('remembers for a while that a helpdesk %s', async (_what, decision) => {
    groove.misbehave(({ path }) => (path.endsWith('/99') ? decision : undefined));
    expect(await ask(99)).toEqual([undefined]);
    expect(await ask(1)).toEqual(['Ticket 1']);
    groove.behave();
    groove.tickets.set('99', { title: 'New' });
    clock.advance(299_999);
    expect(await ask(99)).toEqual([undefined]);
    clock.advance(1);
    expect(await ask(99)).toEqual(['New']);
  });

  it('goes on without what takes too long, and has it for the next', async () => {
    holdBack();
    const first = ask(1);
    await untilAsked(1);
    clock.advance(1_900);
    expect(await first).toEqual([undefined]);
    const second = ask(1);
    answerAll();
    expect(await second).toEqual(['Ticket 1']);
    expect(groove.heard).toHaveLength(1);
  });

  it('gives what is known in time although the rest is not', async () => {
    groove.misbehave(({ path }) => (path.endsWith('/2') ? 'hang' : undefined));
    const asked = ask(1, 2);
    await waitUntil(async () => (await ask(1))[0] !== undefined);
    clock.advance(1_900);
    expect(await asked).toEqual(['Ticket 1', undefined]);
  });

  it('does not ask any more what waited too long for its turn', async () => {
    holdBack();
    const asked = ask(1, 2, 3, 4, 5, 6);
    await untilAsked(4);
    clock.advance(1_900);
    await asked;
    answerAll();
    expect(await ask(1, 7)).toEqual(['Ticket 1', 'Ticket 7']);
    expect(groove.asked.map((request) => request.split('/').at(-1))).toEqual(['1', '2', '3', '4', '7']);
  });

  it.each<[string, Decision]>([
    ['fails', { status: 500 }],
    ['breaks off', 'reset'],
    ['refuses the token', { status: 401 }],
    ['sends us elsewhere', { status: 302, headers: { location: 'https://example.com/' } }],
    ['answers in another language', { status: 200 }],
  ])('leaves a helpdesk alone that %s', async (_what, decision) => {
    failWith(decision);
    expect(await ask(1)).toEqual([undefined]);
    groove.behave();
    clock.advance(29_999);
    expect(await ask(2)).toEqual([undefined]);
    expect(groove.heard).toHaveLength(1);
    clock.advance(1);
    expect(await ask(2)).toEqual(['Ticket 2']);
    // What failed is not the first to be asked again: it may fail always.
    expect(await ask(1)).toEqual([undefined]);
    clock.advance(90_000);
    expect(await ask(1)).toEqual(['Ticket 1']);
  });

  it('leaves a helpdesk alone that does not answer at all', async () => {
    failWith('hang');
    // The request's own time limit is real.
    expect(await ask(1)).toEqual([undefined]);
    groove.behave();
    expect(await ask(2)).toEqual([undefined]);
    expect(groove.heard).toHaveLength(1);
  });

  it('says once that a helpdesk is left alone, and why', async () => {
    failWith({ status: 500, body: { error: groove.token } });
    await ask(1, 2, 3);
    expect(warnings.mock.calls).toEqual([
      [
        { source_id: SOURCE, pause_ms: 30_000, reason: 'it answered with HTTP 500.' },
        'a helpdesk is not asked for a while',
      ],
    ]);
  });

  it.each([
    ['as long as it asks', '120', 120_000],
    ['not for ever', '86400', 600_000],
    ['for a while if it does not say how long', '', 30_000],
  ])('leaves a helpdesk that is asked too often alone %s', async (_what, retryAfter, expected) => {
    failWith({ status: 429, headers: { 'retry-after': retryAfter } });
    await ask(1);
    groove.behave();
    clock.advance(expected - 1);
    expect(await ask(1)).toEqual([undefined]);
    clock.advance(1);
    expect(await ask(1)).toEqual(['Ticket 1']);
  });

  it('asks anew with another token, at once', async () => {
    const wrong = await lookUps.answer(SOURCE, { address: groove.url, token: 'wrong' }, [about(1)]);
    expect(wrong).toEqual([undefined]);
    expect(await ask(1)).toEqual(['Ticket 1']);
  });

  it('keeps sources apart', async () => {
    failWith({ status: 500 });
    expect(await ask(1)).toEqual([undefined]);
    groove.behave();
    const [other] = await lookUps.answer('another', { address: groove.url, token: groove.token }, [about(1)]);
    expect(other).toMatchObject({ title: 'Ticket 1' });
  });
});
