import type { Environment } from '../config/environment.js';
import { publicUrl } from '../config/validate-environment.js';
import type { FirstStartResult } from './first-start.js';

/** A webhook as Groove sends it, small enough to read in a terminal. */
const TRIAL_EVENT = 'ticket_started';
const TRIAL_TICKET = {
  number: 9,
  title: 'Test Subject',
  customer_name: 'Test Name',
  state: 'opened',
  app_url: 'https://testteam.groovehq.com/groove_client/tickets/68659446',
  last_message_plain_text: 'The content of the body goes here.',
};

const TICKET_DESK = 'ticket-desk';
const NEW_KEY_COMMAND = 'npm run keys -- create';

/**
 * What to do next, in lines that work when pasted. Keys and hook URLs are shown by the start that made them, once.
 *
 * @param url where this process listens
 */
export function startUpMessage(url: string, environment: Environment, firstStart: FirstStartResult): string {
  if (environment.ROLE === 'worker') return `\nDeskwire delivers. Probes: ${url}/health/ready\n\n`;
  const { adminKey, newSources, newDestination, hasDestination, sandbox } = firstStart;
  const lines = ['', `Deskwire listens on ${url}   (API: ${url}/docs)`];
  if (adminKey !== null) {
    lines.push('', `Your admin key, shown this once; a lost one is replaced by "${NEW_KEY_COMMAND}":`, `  ${adminKey}`);
  }
  // The ticket desk is a helpdesk of its own: nobody posts webhooks to it.
  const helpdesks = newSources.filter(({ provider }) => provider !== TICKET_DESK);
  if (helpdesks.length > 0) {
    lines.push('', 'Hook URLs, shown this once; paste each into its helpdesk:');
    lines.push(...helpdesks.map((source) => `  ${source.name.padEnd(16)} ${source.hook_url}`));
  }
  if (newDestination !== null) {
    const where = newDestination === 'sandbox' ? 'the sandbox, a Zulip server inside this gateway' : 'your Zulip bot';
    lines.push('', `Everything that arrives goes to ${where}.`);
  }
  if (!hasDestination) {
    lines.push(
      '',
      'Events are stored, but nothing is sent yet: there is no destination. Name a Zulip bot in the environment',
      '(ZULIPRC or ZULIP_SITE, ZULIP_EMAIL, ZULIP_API_KEY; ZULIP_CHANNEL) and start again, or add one by',
      `  POST ${url}/api/v1/destinations and a route to it by POST ${url}/api/v1/routes.`,
    );
  } else {
    lines.push(...trial(url, environment, firstStart));
  }
  if (adminKey === null && newSources.length === 0) {
    lines.push(
      '',
      `Deliveries: ${deliveriesCommand(url, null)}`,
      `A key that was lost is replaced by: ${NEW_KEY_COMMAND}`,
    );
  }
  if (sandbox && newDestination === null) lines.push('', 'The sandbox is on.');
  return `${lines.join('\n')}\n\n`;
}

function trial(url: string, environment: Environment, { adminKey, newSources }: FirstStartResult): string[] {
  const groove = newSources.find((source) => source.provider === 'groove');
  if (!groove) return [];
  // The public address may lead here only through a proxy that is not set up yet; on this machine `url` works.
  const hookUrl = groove.hook_url.replace(publicUrl(environment), url);
  return [
    '',
    'Try it: send a webhook as Groove does …',
    `  curl -X POST '${hookUrl}' -H 'Content-Type: application/json' -H 'X-Groove-Event: ${TRIAL_EVENT}' -d '${JSON.stringify(TRIAL_TICKET)}'`,
    '… and read the message that came of it:',
    `  ${deliveriesCommand(url, adminKey)}`,
  ];
}

function deliveriesCommand(url: string, adminKey: string | null): string {
  return `curl '${url}/api/v1/deliveries' -H 'Authorization: Bearer ${adminKey ?? 'YOUR_ADMIN_KEY'}'`;
}
