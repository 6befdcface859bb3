import type { ConnectionCheck } from '../notifier.js';
import { describeFault } from '../describe-fault.js';
import { type ExchangeFailure, judgeExchange, type ZulipAnswer } from './judge-exchange.js';
import { readMessageList } from './message-list.js';
import { accountShower } from './shown-answer.js';
import type { TimeLimit } from './time-limit.js';
import type { ZulipAccount } from './zulip-account.js';
import { channelId, type ZulipClient } from './zulip-client.js';
import type { ZulipExchange } from './zulip-exchange.js';

const MAY_COME_TWICE = 'a message of which the answer is lost may arrive twice';

/**
 * Looks whether the bot sees the channel, and may read in it, by which messages in doubt are found again.
 *
 * @param channel a name, or an id in digits, of which servers can only be asked what stands there
 */
export async function checkChannel(
  account: ZulipAccount,
  channel: string,
  client: ZulipClient,
  limit: TimeLimit,
): Promise<ConnectionCheck> {
  const show = accountShower(account);
  const id = channelId(channel);
  const name = id === undefined ? `the channel "${channel}"` : `the channel with the id ${id}`;
  if (id === undefined) {
    const exchange = await client.getChannelId(account, channel, limit);
    const judged = judgeExchange(exchange, show, readId);
    if (judged.kind === 'failure') return describeFailure(name, judged, exchange);
  }
  const narrow = [{ operator: 'stream', operand: id ?? channel }];
  const query = { anchor: 'newest', includeAnchor: true, numBefore: 1, numAfter: 0, narrow } as const;
  const exchange = await client.getMessages(account, query, limit);
  const judged = judgeExchange(exchange, show, readMessageList);
  if (judged.kind === 'success') return found(`The bot sees ${name} and may read it.`);
  if (id !== undefined) return describeFailure(name, judged, exchange);
  const isRefused = !judged.inDoubt && ['auth', 'invalid', 'not_found'].includes(judged.reason);
  return found(`The bot sees ${name}, but ${isRefused ? 'may not read it' : 'was not shown it'}: ${MAY_COME_TWICE}.`);
}

function describeFailure(name: string, failure: ExchangeFailure, exchange: ZulipExchange): ConnectionCheck {
  if (exchange.kind === 'fault') {
    return wrong(`Whether the bot sees ${name} was not answered: ${describeFault(exchange.error)}`);
  }
  const isThere = failure.inDoubt || !['invalid', 'not_found'].includes(failure.reason);
  return wrong(
    isThere
      ? `The server does not say whether the bot sees ${name} (HTTP ${exchange.status}).`
      : `The bot does not see ${name}: look how it is spelled, and if it is private, subscribe the bot to it.`,
  );
}

function readId({ stream_id: id }: ZulipAnswer): number | undefined {
  return typeof id === 'number' ? id : undefined;
}

function found(detail: string): ConnectionCheck {
  return { name: 'channel', ok: true, detail };
}

function wrong(detail: string): ConnectionCheck {
  return { name: 'channel', ok: false, detail };
}
