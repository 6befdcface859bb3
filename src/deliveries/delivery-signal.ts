import { Injectable } from '@nestjs/common';

/** Tells the dispatcher of this process that destinations have new work. Losing a signal costs a poll, nothing else. */
@Injectable()
export class DeliverySignal {
  private listener: (destinationIds: Iterable<string>) => void = () => undefined;

  onWork(listener: (destinationIds: Iterable<string>) => void): void {
    this.listener = listener;
  }

  announce(destinationIds: Iterable<string>): void {
    this.listener(destinationIds);
  }
}
