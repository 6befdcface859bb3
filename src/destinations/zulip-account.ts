import type { Problem } from '../http/problem.js';
import { parseZuliprc, ZuliprcError } from '../notifiers/zulip/parse-zuliprc.js';
import { wrongField } from './wrong-field.js';

/** A bot's account, from a zuliprc or from the single fields. */
export interface ZulipAccount {
  site: string;
  email: string;
  apiKey: string;
}

/** The parts of a request in which an account may stand. */
export interface AccountParts {
  settings?: { site?: unknown; email?: unknown };
  secrets?: { api_key?: unknown };
  zuliprc?: string;
}

/** @throws Problem 400 that names what is missing */
export function zulipAccount(parts: AccountParts): ZulipAccount {
  const fromFile = accountFromZuliprc(parts);
  if (fromFile) return fromFile;
  const { site, email } = parts.settings ?? {};
  const apiKey = parts.secrets?.api_key;
  if (typeof site !== 'string') throw missing('settings.site');
  if (typeof email !== 'string') throw missing('settings.email');
  if (typeof apiKey !== 'string') throw missing('secrets.api_key');
  return { site, email, apiKey };
}

/**
 * @returns undefined where no zuliprc is given
 * @throws Problem 400 for one that cannot be read, or that stands beside the single fields
 */
export function accountFromZuliprc({ zuliprc, settings, secrets }: AccountParts): ZulipAccount | undefined {
  if (zuliprc === undefined) return undefined;
  if (settings?.site !== undefined || settings?.email !== undefined || secrets !== undefined) {
    throw wrongField('zuliprc', 'give it, or site, email and api_key, not both');
  }
  try {
    const { site, email, key } = parseZuliprc(zuliprc);
    return { site, email, apiKey: key };
  } catch (error) {
    if (!(error instanceof ZuliprcError)) throw error;
    throw wrongField('zuliprc', error.message);
  }
}

function missing(field: string): Problem {
  return wrongField(field, 'A Zulip destination needs settings.site, settings.email and secrets.api_key, or a zuliprc');
}
