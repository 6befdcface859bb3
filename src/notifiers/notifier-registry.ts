import { Injectable } from '@nestjs/common';
import type { Notifier } from './notifier.js';
import { WebhookNotifier } from './webhook/webhook.notifier.js';
import { ZulipNotifier } from './zulip/zulip.notifier.js';

/** The notifiers by the kind of destination that they serve. */
@Injectable()
export class NotifierRegistry {
  private readonly byKind: ReadonlyMap<string, Notifier>;

  constructor(zulip: ZulipNotifier, webhook: WebhookNotifier) {
    const notifiers: Notifier[] = [zulip, webhook];
    this.byKind = new Map(notifiers.map((notifier) => [notifier.kind, notifier]));
  }

  get(kind: string): Notifier | undefined {
    return this.byKind.get(kind);
  }
}
