import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { SecretBox } from '../secrets/secret-box.js';
import { checkedSettings } from './checked-settings.js';
import { Destination } from './destination.entity.js';
import { DestinationDirectory } from './destination-directory.js';
import { openSecrets, sealSecrets } from './destination-secrets.js';
import { type DestinationSettings, WebhookSettingsBody } from './destination-settings.dto.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { newWebhookSecret, rotatedSecrets } from './webhook-secret.js';
import { normalWebhookUrl } from './webhook-url.js';

/** A webhook to be made. */
export interface NewWebhook {
  /** Default: after its id. */
  name?: string;
  settings: DestinationSettings & { url: string };
  /** Default: ours. */
  secret?: string;
  /** Whether it gets the events of the ticket desk's tickets whatever the routes say. */
  isSubscriber: boolean;
}

/** Makes webhook destinations, and changes what they are signed with. */
@Injectable()
export class WebhookDestinations {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly directory: DestinationDirectory,
    private readonly box: SecretBox,
    private readonly clock: Clock,
    private readonly policy: OutboundPolicy,
  ) {}

  /**
   * @returns it, and its secret: that is shown once
   * @throws Problem 400 `validation_failed`, `forbidden_address`, 409 `name_taken`; what the database says where a subscriber has the address
   */
  async create({ name, settings, secret = newWebhookSecret(), isSubscriber }: NewWebhook): Promise<{
    row: Destination;
    secret: string;
  }> {
    checkedSettings(WebhookSettingsBody, settings);
    await refuseForbiddenAddress(this.policy, settings.url);
    const now = this.clock.now();
    const id = newId(now);
    const row = this.destinations.create({
      id,
      name: name ?? `Subscriber ${id}`,
      kind: 'webhook',
      settings,
      secrets: sealSecrets(id, { signing_secret: secret }, this.box),
      isSubscriber,
      subscriberUrl: isSubscriber ? normalWebhookUrl(settings.url) : null,
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('destination', 'destinations_name', () => this.destinations.insert(row));
    await this.directory.refresh();
    return { row, secret };
  }

  /** From now on `secret` signs, and the one before for a day as well. @returns it */
  async rotateSecret(row: Destination, secret = newWebhookSecret()): Promise<string> {
    const secrets = rotatedSecrets(openSecrets(row, this.box), secret, this.clock.now());
    await this.destinations.update({ id: row.id }, { secrets: sealSecrets(row.id, secrets, this.box) });
    await this.directory.refresh();
    return secret;
  }
}
