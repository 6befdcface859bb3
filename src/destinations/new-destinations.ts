import { Injectable } from '@nestjs/common';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { disabledAfter } from '../http/disabling.dto.js';
import { validated } from '../http/validated.js';
import { SecretBox } from '../secrets/secret-box.js';
import { type CreateDestinationBody, SECRETS_OF_KIND } from './destination.dto.js';
import { Destination } from './destination.entity.js';
import { type DestinationSecrets, sealSecrets } from './destination-secrets.js';
import { type DestinationSettings, WebhookSettingsBody, ZulipSettingsBody } from './destination-settings.dto.js';
import { newWebhookSecret } from './webhook-secret.js';
import { normalWebhookUrl } from './webhook-url.js';
import { wrongField } from './wrong-field.js';
import { zulipAccount } from './zulip-account.js';

/** Who is called back, and with what. */
export interface NewSubscriber {
  settings: DestinationSettings;
  /** Default: ours. */
  secret?: string;
}

type Parts = Pick<Destination, 'kind' | 'settings'> & { name?: string; secrets: DestinationSecrets };

/** Makes destinations of what is asked for. Nothing is stored or looked up. */
@Injectable()
export class NewDestinations {
  constructor(
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 `validation_failed` when an account or an address is incomplete */
  fromBody(body: CreateDestinationBody): Destination {
    const parts = body.kind === 'webhook' ? webhookParts(body) : zulipParts(body);
    const disabledAt = disabledAfter(body, null, this.clock.now());
    return this.make({ ...parts, name: body.name }, { disabledAt });
  }

  /** One that gets the events of the ticket desk's tickets whatever the routes say. @throws Problem 400 `validation_failed` */
  subscriber({ settings, secret = newWebhookSecret() }: NewSubscriber): Destination {
    const checked = { ...validated(WebhookSettingsBody, settings, 'settings') };
    const parts = { kind: 'webhook', settings: checked, secrets: { signing_secret: secret } };
    return this.make(parts, { isSubscriber: true, subscriberUrl: normalWebhookUrl(checked.url) });
  }

  private make({ name, secrets, ...parts }: Parts, more: Partial<Destination>): Destination {
    const now = this.clock.now();
    const id = newId(now);
    const row: Destination = {
      id,
      name: name ?? `Subscriber ${id}`,
      ...parts,
      secrets: sealSecrets(id, secrets, this.box),
      isSubscriber: false,
      subscriberUrl: null,
      version: 1,
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
      ...more,
    };
    return Object.assign(new Destination(), row);
  }
}

function zulipParts(body: CreateDestinationBody): Parts {
  const { site, email, apiKey } = zulipAccount(body);
  return {
    kind: 'zulip',
    settings: { ...validated(ZulipSettingsBody, { ...body.settings, site, email }, 'settings') },
    secrets: { ...validated(SECRETS_OF_KIND.zulip, { api_key: apiKey }, 'secrets') },
  };
}

function webhookParts({ settings, secrets, zuliprc }: CreateDestinationBody): Parts {
  if (zuliprc !== undefined) throw wrongField('zuliprc', 'belongs to a destination of the kind zulip');
  return {
    kind: 'webhook',
    settings: { ...validated(WebhookSettingsBody, settings, 'settings') },
    secrets: { signing_secret: secrets?.signing_secret ?? newWebhookSecret() },
  };
}
