import { DeliveryEngine } from '../support/delivery-engine.js';
import { numbersFrom } from '../support/numbers-from.js';
import type { ScriptedAnswer } from '../support/scripted-zulip.js';
import { waitUntil } from '../support/wait-until.js';

const TICKETS = 4;
const REPLIES = 40;
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };
const refused = { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'no' } };

const hasEnded = ({ state }: Record<string, unknown>): boolean => state !== 'pending' && state !== 'sending';

// A bad night, sent again and again while much still fails and people go on writing.
it.each([Date.now(), 20_261_128])(
  'sends each again once, in the order of its ticket, seed %d',
  async (seed) => {
    const random = numbersFrom(seed);
    const engine = await DeliveryEngine.start();
    let night: (text: string) => ScriptedAnswer | undefined = () => (random() < 0.6 ? refused : undefined);
    try {
      await engine.set({ max_requests_per_minute: 60, retry_schedule_seconds: Array.from({ length: 50 }, () => 1) });
      engine.zulip.answerBy(({ content }) => night(content));
      const texts = new Map<string, number>();
      const write = async (kind: string): Promise<void> => {
        const ticket = 1 + Math.floor(random() * TICKETS);
        const text = `${ticket}-${texts.size} ${kind}`;
        texts.set(text, texts.size);
        await engine.reply(ticket, text);
      };
      const ended = (): Promise<true | undefined> =>
        waitUntil(async () => {
          engine.clock.advance(500);
          return (await engine.deliveries()).every(hasEnded) && true;
        });
      for (let count = 0; count < REPLIES; count += 1) await write('old');
      await ended();
      const early = new Set(engine.said.flat());
      night = () => {
        const number = random();
        if (number < 0.15) return broken;
        return number < 0.25 ? 'take-and-reset' : number < 0.35 ? 'reset' : undefined;
      };
      for (let round = 0; round < 2; round += 1) {
        await engine.api('POST', '/deliveries/replay', { filter: { state: 'dead' } });
        for (let count = 0; count < 5; count += 1) await write('new');
      }
      await ended();
      const said = engine.said.flat();
      expect([...said].sort()).toEqual([...texts.keys()].sort());
      for (let ticket = 1; ticket <= TICKETS; ticket += 1) {
        const ofTicket = said.filter((text) => text.startsWith(`${ticket}-`));
        const numbersOf = (belongs: (text: string) => boolean): number[] =>
          ofTicket.filter(belongs).map((text) => texts.get(text) ?? -1);
        const groups = [
          numbersOf((text) => early.has(text)),
          numbersOf((text) => text.endsWith('old') && !early.has(text)),
          numbersOf((text) => text.endsWith('new')),
        ];
        expect([ticket, ...groups]).toEqual([ticket, ...groups.map((each) => [...each].sort((a, b) => a - b))]);
      }
    } finally {
      await engine.stop();
    }
  },
  90_000,
);
