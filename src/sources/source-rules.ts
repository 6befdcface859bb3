import { Injectable } from '@nestjs/common';
import { Problem } from '../http/problem.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import type { SourceSecrets } from '../ticket-event/provider-adapter.js';
import { changedSecrets, changedSettings, checkSource } from './check-source.js';
import type { OpenedSource } from './describe-source.js';
import type { CreateSourceBody, UpdateSourceBody } from './source.dto.js';
import type { SourceSettingsBody } from './source-settings.dto.js';

/** What a source is set to, and entrusted with. */
export interface SourceMakeUp {
  settings: SourceSettingsBody;
  secrets: SourceSecrets;
}

/** Says what a source may be set to, by itself, its provider and the addresses that the gateway may call. */
@Injectable()
export class SourceRules {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly policy: OutboundPolicy,
  ) {}

  /** @throws Problem 400 `unknown_provider`, `validation_failed` */
  makeUpOfNew({ provider, settings: given, secrets: entrusted }: CreateSourceBody): SourceMakeUp {
    const adapter = this.providers.get(provider);
    if (!adapter) {
      const known = this.providers.list().map((each) => each.provider);
      throw new Problem(400, 'unknown_provider', `provider: must be one of ${known.join(', ')}.`);
    }
    const settings = changedSettings({}, { ...given });
    const secrets = { ...changedSecrets({}, { ...entrusted }) };
    checkSource(settings, secrets, adapter);
    return { settings: { ...settings }, secrets };
  }

  /**
   * Another `api_url` needs the token anew: whoever may change settings must not be able to send a token that they were
   * never shown to a server of their own.
   *
   * Where nobody can read what it is entrusted with, what the body gives is all that it has then; if it gives nothing,
   * what is stored stays as unreadable as it is, and what would need to know it is not judged.
   *
   * @returns the source's make-up with what the body changes of it
   * @throws Problem 400 `validation_failed`
   */
  changedMakeUp(opened: OpenedSource, body: UpdateSourceBody): SourceMakeUp {
    const { row, secrets: known } = opened;
    const isUnknown = staysUnreadable(opened, body);
    const settings = changedSettings(row.settings, body.settings ?? {});
    const secrets = { ...changedSecrets(known, body.secrets ?? {}) };
    const isNewAddress = settings.api_url !== row.settings.api_url;
    const mayHaveToken = isUnknown || secrets.api_token !== undefined;
    if (isNewAddress && mayHaveToken && typeof body.secrets?.['api_token'] !== 'string') {
      throw new Problem(400, 'validation_failed', 'secrets.api_token: another settings.api_url needs it anew.');
    }
    const adapter = this.providers.get(row.provider);
    if (adapter) checkSource(settings, isUnknown ? undefined : secrets, adapter);
    return { settings: { ...settings }, secrets };
  }

  /**
   * Looks where the address leads that the gateway is to call. It may ask a name server, so never within a transaction.
   *
   * @param known as it was before: what stays is not judged again
   * @throws Problem 400 `forbidden_address`
   */
  async judgeAddress({ api_url: address }: SourceSettingsBody, known?: SourceSettingsBody): Promise<void> {
    if (address !== undefined && address !== known?.api_url) await refuseForbiddenAddress(this.policy, address);
  }
}

/** @returns whether a change leaves secrets as they are stored that nobody can read */
export function staysUnreadable({ isUnreadable = false }: OpenedSource, { secrets = {} }: UpdateSourceBody): boolean {
  return isUnreadable && Object.keys(secrets).length === 0;
}
