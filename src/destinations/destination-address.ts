import { siteAddress } from '../notifiers/zulip/zulip-account.js';
import type { DestinationSettings } from './destination-settings.dto.js';
import { normalWebhookUrl } from './webhook-url.js';

/** @returns where a destination's requests go, as it is written; '' where it has no address */
export function addressOf({ site, url }: DestinationSettings): string {
  return url ?? site ?? '';
}

/**
 * @param was settings that are stored
 * @param is settings that are to be
 * @returns the setting by which a destination would be led elsewhere, or speak as somebody else: other spellings of the same
 *   address are none
 */
export function movedSetting(was: DestinationSettings, is: DestinationSettings): 'url' | 'site' | 'email' | undefined {
  if (is.url !== undefined) return normalUrl(was.url) === normalUrl(is.url) ? undefined : 'url';
  if (siteAddress(was.site) !== siteAddress(is.site)) return 'site';
  return was.email?.toLowerCase() === is.email?.toLowerCase() ? undefined : 'email';
}

function normalUrl(url: string | undefined): string | undefined {
  return url === undefined ? undefined : normalWebhookUrl(url);
}
