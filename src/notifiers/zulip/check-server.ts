import type { ConnectionCheck } from '../notifier.js';
import { describeFault } from '../describe-fault.js';
import { judgeExchange, type ZulipAnswer } from './judge-exchange.js';
import { shownLine } from './shown-line.js';
import { accountShower } from './shown-answer.js';
import type { TimeLimit } from './time-limit.js';
import { siteAddress, type ZulipAccount } from './zulip-account.js';
import type { ZulipClient } from './zulip-client.js';
import type { ZulipExchange } from './zulip-exchange.js';

/** Where the server's settings are, below the site. */
const PATH = '/api/v1/server_settings';

interface ServerFacts {
  version: string;
  /** The organisation's own address; undefined where the address is that of a server with several. */
  realm: string | undefined;
}

/** Looks whether the organisation's server is where the site says. */
export async function checkServer(
  account: ZulipAccount,
  client: ZulipClient,
  limit: TimeLimit,
): Promise<ConnectionCheck> {
  const { site } = account;
  const show = accountShower(account);
  const exchange = await client.getServerSettings(account, limit);
  const judged = judgeExchange(exchange, show, readServer);
  if (judged.kind === 'failure') return wrong(describeFailure(site, exchange, !judged.inDoubt, show));
  const { version, realm } = judged.value;
  if (realm === undefined) return wrong(noOrganisation(site));
  const isElsewhere = siteAddress(realm) !== site;
  const otherName = isElsewhere ? `; the organisation calls itself ${shownLine(show(realm))}` : '';
  return { name: 'server', ok: true, detail: `Zulip ${shownLine(show(version))} answers at ${site}${otherName}.` };
}

function describeFailure(
  site: string,
  exchange: ZulipExchange,
  isZulips: boolean,
  show: (text: string) => string,
): string {
  if (exchange.kind === 'fault') return `No Zulip server can be reached at ${site}: ${describeFault(exchange.error)}`;
  const { status, location } = exchange;
  if (status >= 300 && status < 400) {
    const target = location === undefined ? 'elsewhere' : `to ${shownLine(show(targetOf(location, site)))}`;
    return `${site} redirects ${target}: redirections are not followed, so give the address where it leads as site.`;
  }
  if (status === 429) return `The server at ${site} is asked too often at the moment (HTTP 429); check again later.`;
  if (status >= 500) return `The server at ${site} fails (HTTP ${status}).`;
  if (isZulips) return noOrganisation(site);
  return `What answers at ${site} is no Zulip server (HTTP ${status}).`;
}

/** A server with several organisations answers so at its root, and at names that are nobody's. */
function noOrganisation(site: string): string {
  return `A Zulip server answers at ${site}, but there is no organisation: give the organisation’s own address as site.`;
}

/** @returns the site that a redirection leads to */
function targetOf(location: string, site: string): string {
  const target = URL.canParse(location, `${site}${PATH}`) ? new URL(location, `${site}${PATH}`).href : location;
  return target.endsWith(PATH) ? target.slice(0, -PATH.length) : target;
}

/** `realm_uri` is what servers before Zulip 9 call `realm_url`: https://zulip.com/api/get-server-settings */
function readServer(answer: ZulipAnswer): ServerFacts | undefined {
  const { zulip_version: version, realm_url: url, realm_uri: uri } = answer;
  if (typeof version !== 'string') return undefined;
  return { version, realm: [url, uri].find((realm) => typeof realm === 'string') };
}

function wrong(detail: string): ConnectionCheck {
  return { name: 'server', ok: false, detail };
}
