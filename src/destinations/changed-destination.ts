import { isDeepStrictEqual } from 'node:util';
import type { ClassConstructor } from 'class-transformer';
import { disabledAfter } from '../http/disabling.dto.js';
import { changed } from '../http/validated.js';
import { SECRETS_OF_KIND, SETTINGS_OF_KIND, type UpdateDestinationBody } from './destination.dto.js';
import type { Destination } from './destination.entity.js';
import { movedSetting } from './destination-address.js';
import { secretOf } from './destination-configuration.js';
import type { DestinationSecrets } from './destination-secrets.js';
import type { DestinationSettings } from './destination-settings.dto.js';
import { rotatedSecrets } from './webhook-secret.js';
import { wrongField } from './wrong-field.js';
import { accountFromZuliprc } from './zulip-account.js';

/** What a request makes of a destination. */
export interface ChangedDestination {
  name: string;
  settings: DestinationSettings;
  /** Opened. */
  secrets: DestinationSecrets;
  disabledAt: Date | null;
  /** Whether it is led elsewhere, or speaks as somebody else. */
  isMoved: boolean;
  hasNewSecret: boolean;
  /** False where all stays as it was. */
  isChanged: boolean;
}

/**
 * Applies a request to a destination. Another `site`, `email` or `url` needs the secret anew: whoever may change settings
 * must not be able to send a key that they were never shown to a server of their own. Pure.
 *
 * @param secrets the destination's, opened; none where they cannot be: what is stored stays then unless it is given anew
 * @throws Problem 400 `validation_failed` that names the field; 409 `too_many_secrets`
 */
export function changedDestination(
  row: Destination,
  secrets: DestinationSecrets,
  body: UpdateDestinationBody,
  now: Date,
): ChangedDestination {
  if (body.kind !== undefined && body.kind !== row.kind) throw wrongField('kind', 'cannot be changed');
  const requested = requestedChanges(row, body);
  const settings = settingsAfter(row, requested.settings);
  const secret = secretAfter(row, secrets, requested.secrets);
  const moved = movedSetting(row.settings, settings);
  if (moved !== undefined) refuseHiddenMove(row, moved, requested.secrets);
  const name = body.name ?? row.name;
  const disabledAt = disabledAfter(body, row.disabledAt, now);
  const hasNewSecret = secret !== (secrets[secretOf(row.kind)] ?? '');
  const isMoved = moved !== undefined;
  const isSwitched = disabledAt?.getTime() !== row.disabledAt?.getTime();
  const isSame = name === row.name && !isSwitched && !hasNewSecret && isDeepStrictEqual(settings, { ...row.settings });
  return {
    name,
    settings,
    secrets: secretsAfter(row, secrets, secret, isMoved, now),
    disabledAt,
    isMoved,
    hasNewSecret,
    isChanged: !isSame,
  };
}

interface RequestedChanges {
  settings: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, unknown>>;
}

/** What a zuliprc says stands in its place. */
function requestedChanges({ kind }: Destination, body: UpdateDestinationBody): RequestedChanges {
  const { settings = {}, secrets = {}, zuliprc } = body;
  if (zuliprc !== undefined && kind !== 'zulip')
    throw wrongField('zuliprc', 'belongs to a destination of the kind zulip');
  const account = accountFromZuliprc(body);
  if (!account) return { settings, secrets };
  const { site, email, apiKey } = account;
  return { settings: { ...settings, site, email }, secrets: { api_key: apiKey } };
}

/** What was stored by older rules stays as it is until it is changed. */
function settingsAfter(row: Destination, changes: RequestedChanges['settings']): DestinationSettings {
  if (Object.keys(changes).length === 0) return { ...row.settings };
  const needed = row.kind === 'zulip' ? ['site', 'email'] : [];
  for (const name of needed) {
    if (changes[name] === null) throw wrongField(`settings.${name}`, 'cannot be removed');
  }
  return { ...changed(rulesOf(SETTINGS_OF_KIND, row), row.settings, changes, 'settings') };
}

function secretAfter(row: Destination, secrets: DestinationSecrets, changes: RequestedChanges['secrets']): string {
  const name = secretOf(row.kind);
  const present = secrets[name] ?? '';
  if (Object.keys(changes).length === 0) return present;
  const rules = rulesOf(SECRETS_OF_KIND, row);
  const { [name]: secret = present }: DestinationSecrets = {
    ...changed(rules, { [name]: present }, changes, 'secrets'),
  };
  return secret;
}

/** Elsewhere no former secret may sign: what it signed there could be shown to the former receiver as ours. */
function secretsAfter(
  { kind }: Destination,
  secrets: DestinationSecrets,
  secret: string,
  isMoved: boolean,
  now: Date,
): DestinationSecrets {
  if (kind !== 'webhook' || isMoved) return { [secretOf(kind)]: secret };
  return rotatedSecrets(secrets, secret, now);
}

function refuseHiddenMove(row: Destination, moved: string, secrets: RequestedChanges['secrets']): void {
  if (row.isSubscriber) {
    throw wrongField('settings.url', 'is what a subscriber of the ticket desk is known by; register the other address');
  }
  const secret = secretOf(row.kind);
  if (secrets[secret] === undefined) throw wrongField(`secrets.${secret}`, `another settings.${moved} needs it anew`);
}

function rulesOf(
  rules: Record<'zulip' | 'webhook', ClassConstructor<object>>,
  { kind }: Destination,
): ClassConstructor<object> {
  return kind === 'webhook' ? rules.webhook : rules.zulip;
}
