import { DeliveryEngine, wordsOf } from '../support/delivery-engine.js';
import { numbersFrom } from '../support/numbers-from.js';
import type { ScriptedAnswer } from '../support/scripted-zulip.js';
import { waitUntil } from '../support/wait-until.js';

const TICKETS = 6;
const REPLIES = 60;
const GIVE_UP_AFTER_MS = 60_000;
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };
const refused = { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'no' } };
const limited = { status: 429, body: { result: 'error', code: 'RATE_LIMIT_HIT', msg: 'no', 'retry-after': 1.5 } };

/** Now and then something goes wrong; poison always does. */
function misfortune(content: string, random: () => number): ScriptedAnswer | undefined {
  if (content.includes('poison')) return refused;
  const number = random();
  if (number < 0.1) return broken;
  if (number < 0.16) return 'take-and-reset';
  if (number < 0.22) return 'reset';
  if (number < 0.26) return limited;
  return undefined;
}

const isFinal = ({ state }: Record<string, unknown>): boolean => state === 'delivered' || state === 'dead';

// Whatever happens at a low rate, to tickets of which half share a topic and some change it in between.
it.each([Date.now(), 20_261_124])(
  'delivers each once and in order, seed %d',
  async (seed) => {
    const random = numbersFrom(seed);
    const engine = await DeliveryEngine.start();
    try {
      await engine.route({ topic: 'Desk', stop: true }, [{ field: 'ticket.number', op: 'in', value: ['1', '2', '3'] }]);
      await engine.route({ topic: 'Aside', stop: true }, [{ field: 'message.text', op: 'matches', value: 'aside' }]);
      await engine.set({ max_requests_per_minute: 20, retry_schedule_seconds: Array.from({ length: 50 }, () => 1) });
      engine.zulip.answerBy(({ content }) => misfortune(content, random));
      const accepted = new Map<number, string[]>();
      const poisoned: string[] = [];
      for (let count = 0; count < REPLIES; count += 1) {
        const ticket = 1 + Math.floor(random() * TICKETS);
        const kind = random() < 0.05 ? 'poison' : random() < 0.15 ? 'aside' : 'plain';
        const text = `${ticket}-${count} ${kind}`;
        if (kind === 'poison') poisoned.push(text);
        else accepted.set(ticket, [...(accepted.get(ticket) ?? []), text]);
        await engine.reply(ticket, text);
        engine.clock.advance(random() * 2_000);
      }
      const until = Date.now() + GIVE_UP_AFTER_MS;
      while (!(await allFinal(engine)) && Date.now() < until);
      const states = (await engine.deliveries()).map(({ state }) => state);
      expect(states.filter((state) => state === 'dead')).toHaveLength(poisoned.length);
      expect(states.filter((state) => state === 'delivered')).toHaveLength(REPLIES - poisoned.length);
      const arrived = engine.zulip.taken.flatMap(({ content }) => wordsOf(content));
      for (const [ticket, texts] of accepted) {
        expect(arrived.filter((text) => text.startsWith(`${ticket}-`))).toEqual(texts);
      }
      expect(engine.zulip.taken.some(({ content }) => wordsOf(content).length > 1)).toBe(true);
    } finally {
      await engine.stop();
    }
  },
  2 * GIVE_UP_AFTER_MS,
);

/** @returns whether nothing waits, after a while by the gateway's clock */
async function allFinal(engine: DeliveryEngine): Promise<boolean> {
  let looks = 0;
  return waitUntil(async () => {
    engine.clock.advance(2_000);
    looks += 1;
    const isDone = (await engine.deliveries()).every(isFinal);
    return isDone || looks > 100 ? { isDone } : undefined;
  }).then(({ isDone }) => isDone);
}
