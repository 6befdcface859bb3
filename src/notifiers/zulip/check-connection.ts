import type { ConnectionCheck, NotifierDestination } from '../notifier.js';
import { checkBot, type CheckedBot } from './check-bot.js';
import { checkChannel } from './check-channel.js';
import { checkServer } from './check-server.js';
import type { TimeLimit } from './time-limit.js';
import { readAccount, UNUSABLE_DESTINATION } from './zulip-account.js';
import type { ZulipClient } from './zulip-client.js';

const NO_SERVER = 'Not looked at: the server comes first.';
const NO_BOT = 'Not looked at: the bot must be let in first.';
const POST_ONLY = 'Not looked at: such a bot may not ask for channels. A test message shows whether it is there.';

/**
 * Looks whether the server is there, lets the bot in, and has the channel. Never throws.
 *
 * @param channel a name, or an id in digits
 */
export async function checkConnection(
  destination: NotifierDestination,
  channel: string,
  client: ZulipClient,
  limit: TimeLimit,
): Promise<ConnectionCheck[]> {
  const account = readAccount(destination);
  const server = account
    ? await checkServer(account, client, limit)
    : ({ name: 'server', ok: false, detail: UNUSABLE_DESTINATION } as const);
  if (!account || server.ok !== true) return [server, unseen('bot', NO_SERVER), unseen('channel', NO_SERVER)];
  const { access, ...bot } = await checkBot(account, client, limit);
  const reason = WHY_UNSEEN[access];
  return [
    server,
    bot,
    reason === undefined ? await checkChannel(account, channel, client, limit) : unseen('channel', reason),
  ];
}

const WHY_UNSEEN: Readonly<Record<CheckedBot['access'], string | undefined>> = {
  none: NO_BOT,
  posting: POST_ONLY,
  reading: undefined,
};

function unseen(name: ConnectionCheck['name'], detail: string): ConnectionCheck {
  return { name, ok: null, detail };
}
