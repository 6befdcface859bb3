import { AsyncResource } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { WorkAnnouncer } from './work-announcer.js';

/** Tells whoever owns destinations that they have new work. Losing a signal costs a poll, nothing else. */
@Injectable()
export class DeliverySignal {
  private listener: ((destinationIds: Iterable<string>) => void) | undefined;

  constructor(private readonly announcer: WorkAnnouncer) {}

  /** For the dispatcher of this process, which passes on what is not its own. */
  onWork(listener: (destinationIds: Iterable<string>) => void): void {
    // In the context of whoever listens: the dispatcher's log lines are not the webhook's.
    this.listener = AsyncResource.bind(listener);
  }

  announce(destinationIds: Iterable<string>): void {
    if (this.listener) this.listener(destinationIds);
    else for (const id of destinationIds) this.announcer.announce(id);
  }
}
