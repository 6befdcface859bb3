import type { Destination } from './destination.entity.js';
import type { DestinationSettings } from './destination-settings.dto.js';
import type { Pause } from './pause.js';

const MASK = '***';
const CHANGED = '*** (changed)';

/** What the record of changes tells beside the configuration itself. */
export interface ConfigurationFacts {
  /** Whether its secret is another one than before. */
  hasNewSecret?: boolean;
  /** Of a change that is about them. */
  pauses?: readonly Pause[];
  /** Of one that was disabled by itself. */
  because?: string;
}

/** @returns a destination as the record of changes shows it: what admins have set, the secret masked */
export function configurationOf(row: Destination, facts: ConfigurationFacts = {}): object {
  const { hasNewSecret = false, pauses, because } = facts;
  return {
    name: row.name,
    kind: row.kind,
    settings: withoutQuery(row.settings),
    secrets: { [secretOf(row.kind)]: hasNewSecret ? CHANGED : MASK },
    is_subscriber: row.isSubscriber,
    disabled_at: row.disabledAt,
    ...(because !== undefined && { disabled_because: because }),
    ...(pauses && { pauses: pauses.map(pauseFacts) }),
  };
}

/** @returns what the secret of a kind is called */
export function secretOf(kind: string): 'api_key' | 'signing_secret' {
  return kind === 'zulip' ? 'api_key' : 'signing_secret';
}

/** What stands behind the `?` of an address is often a token, and the record can never be changed. */
function withoutQuery(settings: DestinationSettings): DestinationSettings {
  const { url } = settings;
  return url === undefined ? settings : { ...settings, url: url.replace(/\?.*$/s, `?${MASK}`) };
}

/** What a server said is left out: the record can never be changed, and nobody knows what stands in it. */
function pauseFacts({ channel, reason, detail }: Pause): object {
  return { channel: channel === '' ? null : channel, reason, ...(reason === 'paused' && { detail }) };
}
