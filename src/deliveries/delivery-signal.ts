import { AsyncResource } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/** Tells the dispatcher of this process that destinations have new work. Losing a signal costs a poll, nothing else. */
@Injectable()
export class DeliverySignal {
  private listener: (destinationIds: Iterable<string>) => void = () => undefined;

  onWork(listener: (destinationIds: Iterable<string>) => void): void {
    // In the context of whoever listens: the dispatcher's log lines are not the webhook's.
    this.listener = AsyncResource.bind(listener);
  }

  announce(destinationIds: Iterable<string>): void {
    this.listener(destinationIds);
  }
}
