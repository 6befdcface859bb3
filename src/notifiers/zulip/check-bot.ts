import type { ConnectionCheck } from '../notifier.js';
import { describeFault } from '../describe-fault.js';
import { judgeExchange, type ZulipAnswer } from './judge-exchange.js';
import { accountShower } from './shown-answer.js';
import type { TimeLimit } from './time-limit.js';
import type { ZulipAccount } from './zulip-account.js';
import type { ZulipClient } from './zulip-client.js';
import type { ZulipExchange } from './zulip-exchange.js';

/** What was found of a bot, and what it may do: nothing, send messages alone, or read as well. */
export interface CheckedBot extends ConnectionCheck {
  access: 'none' | 'posting' | 'reading';
}

interface BotFacts {
  isBot: boolean;
  isActive: boolean;
  isGuest: boolean;
}

/** Codes of a 401 that say more than that the credentials are wrong; most servers do not give them. */
const DEACTIVATED: ReadonlyMap<unknown, string> = new Map([
  ['USER_DEACTIVATED', 'The account is deactivated'],
  ['REALM_DEACTIVATED', 'The organisation is deactivated'],
]);

/** Looks whether the server lets the bot in. */
export async function checkBot(account: ZulipAccount, client: ZulipClient, limit: TimeLimit): Promise<CheckedBot> {
  const { email } = account;
  const exchange = await client.getOwnUser(account, limit);
  const judged = judgeExchange(exchange, accountShower(account), readBot);
  if (judged.kind === 'success') return describeBot(email, judged.value);
  const isZulips = !judged.inDoubt;
  if (judged.reason === 'auth' && isZulips) return describeRefusal(account, judged.code, client, limit);
  return shutOut(describeFailure(email, exchange));
}

function describeBot(email: string, { isBot, isActive, isGuest }: BotFacts): CheckedBot {
  if (!isActive) return shutOut(`The account ${email} is deactivated.`);
  const person = isBot ? '' : ' It is a person’s account: messages will seem to come from that person.';
  const guest = isGuest ? ' It is a guest, who sees only the channels that it is subscribed to.' : '';
  return { name: 'bot', ok: true, access: 'reading', detail: `The server lets ${email} in.${person}${guest}` };
}

/**
 * A key that is wrong, an account that is deactivated, and a bot that may do nothing but post are all refused with the same
 * code; but the last one is heard out when it posts.
 */
async function describeRefusal(
  account: ZulipAccount,
  code: unknown,
  client: ZulipClient,
  limit: TimeLimit,
): Promise<CheckedBot> {
  const { email, site } = account;
  const deactivated = DEACTIVATED.get(code);
  if (deactivated !== undefined) return shutOut(`${deactivated}: the Zulip server refuses ${email}.`);
  const judged = judgeExchange(await client.postNothing(account, limit), accountShower(account), () => undefined);
  if (judged.kind === 'failure' && judged.reason === 'invalid' && !judged.inDoubt) {
    const detail =
      `The server lets ${email} in, as an incoming-webhook bot, which may only post: a message of which the answer is ` +
      'lost may arrive twice, and topics stay as they are. A generic bot may do more.';
    return { name: 'bot', ok: true, access: 'posting', detail };
  }
  return shutOut(
    `The Zulip server at ${site} refuses the key of ${email}: copy it again from the bot’s zuliprc. ` +
      'A bot that is deactivated is refused as well.',
  );
}

function describeFailure(email: string, exchange: ZulipExchange): string {
  if (exchange.kind === 'fault') return `Whether ${email} is let in was not answered: ${describeFault(exchange.error)}`;
  if (exchange.status === 429)
    return `${email} is at the limit of its rate at the moment (HTTP 429); check again later.`;
  return `The server does not say who ${email} is (HTTP ${exchange.status}).`;
}

/** Servers before Zulip 3 do not say whether an account is active, nor before Zulip 4 whether it is a guest. */
function readBot(answer: ZulipAnswer): BotFacts | undefined {
  const { is_bot: isBot, is_active: isActive, is_guest: isGuest } = answer;
  if (typeof isBot !== 'boolean') return undefined;
  return { isBot, isActive: isActive !== false, isGuest: isGuest === true };
}

function shutOut(detail: string): CheckedBot {
  return { name: 'bot', ok: false, access: 'none', detail };
}
