import { Problem } from '../http/problem.js';
import { parseZuliprc, ZuliprcError } from '../notifiers/zulip/parse-zuliprc.js';
import type { CreateDestinationBody } from './destination.dto.js';

/** A bot's account, from a zuliprc or from the single fields. */
export interface ZulipAccount {
  site: string;
  email: string;
  apiKey: string;
}

/** @throws Problem 400 that names what is missing */
export function zulipAccount(body: CreateDestinationBody): ZulipAccount {
  if (body.zuliprc !== undefined) return accountFromZuliprc(body, body.zuliprc);
  const { site, email } = body.settings;
  const apiKey = body.secrets?.api_key;
  if (site === undefined || email === undefined || apiKey === undefined) {
    throw new Problem(
      400,
      'validation_failed',
      'A Zulip destination needs settings.site, settings.email and secrets.api_key, or a zuliprc.',
    );
  }
  return { site, email, apiKey };
}

function accountFromZuliprc(body: CreateDestinationBody, zuliprc: string): ZulipAccount {
  if (body.settings.site !== undefined || body.settings.email !== undefined || body.secrets !== undefined) {
    throw new Problem(400, 'validation_failed', 'zuliprc: give it, or site, email and api_key, not both.');
  }
  try {
    const { site, email, key } = parseZuliprc(zuliprc);
    return { site, email, apiKey: key };
  } catch (error) {
    if (!(error instanceof ZuliprcError)) throw error;
    throw new Problem(400, 'validation_failed', `zuliprc: ${error.message}`, { cause: error });
  }
}
