import { BOT, ChaosZulip } from './chaos-zulip.js';
import type { Fault } from './zulip-faults.js';

describe('the Zulip server that misbehaves', () => {
  let zulip: ChaosZulip | undefined;

  afterEach(() => zulip?.stop());

  const start = async (fault: Fault): Promise<string> => {
    zulip = await ChaosZulip.start({ next: () => ({ fault, beforeStoringMs: 5, afterStoringMs: 5 }) });
    return `${await zulip.site()}/api/v1/messages`;
  };

  const headers = { authorization: `Basic ${Buffer.from(`${BOT.email}:${BOT.apiKey}`).toString('base64')}` };

  it.each<[Fault, number | 'reset', boolean]>([
    ['none', 200, true],
    ['refused', 500, false],
    ['reset_before_storing', 'reset', false],
    ['reset_after_storing', 'reset', true],
    ['bad_gateway_after_storing', 502, true],
    ['answered_late', 200, true],
    ['stored_late', 200, true],
  ])('%s: %s', async (fault, expected, isStored) => {
    const url = await start(fault);
    const body = new URLSearchParams({ type: 'stream', to: 'a', topic: 'b', content: 'x t1-n1\n---\nt2-n7 y' });
    const answer = await fetch(url, { method: 'POST', headers, body }).then(
      ({ status }) => status,
      () => 'reset',
    );
    expect(answer).toBe(expected);
    const markers = ['t1-n1', 't2-n7'];
    expect(zulip?.messages()).toEqual(
      isStored ? [{ id: expect.any(Number), at: expect.any(Date), topic: 'b', markers }] : [],
    );
    expect(zulip?.sendRequests).toEqual([{ at: expect.any(Date), fault, markers }]);
    expect(zulip?.faults).toEqual({ [fault]: 1 });
  });

  it('stores a message although its sender has gone', async () => {
    const url = await start('none');
    const body = new URLSearchParams({ type: 'stream', to: 'a', topic: 'b', content: 't1-n1' });
    const ending = new AbortController();
    const request = fetch(url, { method: 'POST', headers, body, signal: ending.signal });
    while (zulip?.sendRequests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    ending.abort();
    await expect(request).rejects.toThrow('aborted');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(zulip?.messages()).toHaveLength(1);
  });
});
