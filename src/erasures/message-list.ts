import type { ErasedMessagesView, ToldReceiverView } from './erasure.dto.js';
import type { DestinationName } from './sql/select-destination-names.js';
import type { LoggedAttempt } from './sql/select-attempts-of-deliveries.js';
import type { LoggedDelivery } from './sql/select-deliveries-of-events.js';

/** Of one channel. */
interface Place {
  destinationId: string;
  channel: string;
  /** Whether each was joined of several deliveries. */
  messages: Map<number, boolean>;
  uncertain: number;
}

/** Gathers what has gone out, and must be deleted where it went. */
export class MessageList {
  private readonly places = new Map<string, Place>();
  /** Deliveries that arrived, or may have, by destination. */
  private readonly told = new Map<string, number>();

  get destinationIds(): string[] {
    return [...this.told.keys()];
  }

  /** @param attempts at this delivery */
  add(delivery: LoggedDelivery, attempts: readonly LoggedAttempt[]): void {
    const uncertain = attempts.filter(isUncertain).length;
    if (delivery.state !== 'delivered' && uncertain === 0 && attempts.every(({ outcome }) => outcome !== 'sent'))
      return;
    const { destination_id: destinationId } = delivery;
    this.told.set(destinationId, (this.told.get(destinationId) ?? 0) + 1);
    const place = this.placeOf(destinationId, delivery.channel ?? '');
    place.uncertain += uncertain;
    if (delivery.message_id !== null) this.addMessage(place, delivery.message_id, false);
    for (const { message_id: id, joined_id: joined } of attempts) {
      if (id !== null) this.addMessage(place, id, joined !== null);
    }
  }

  /** @returns messages by destination and channel, for destinations that have channels */
  messagesOf(destinations: readonly DestinationName[]): ErasedMessagesView[] {
    return destinations.flatMap(({ id, name }) =>
      [...this.places.values()]
        .filter(({ destinationId, messages, uncertain }) => destinationId === id && messages.size + uncertain > 0)
        .sort((a, b) => (a.channel < b.channel ? -1 : 1))
        .map(({ channel, messages, uncertain }) => ({
          destination_id: id,
          destination: name,
          channel,
          message_ids: [...messages.keys()].sort((a, b) => a - b),
          joined_message_ids: [...messages]
            .flatMap(([message, joined]) => (joined ? [message] : []))
            .sort((a, b) => a - b),
          uncertain,
        })),
    );
  }

  /** @returns how much each receiver was told, of those that give no ids */
  receiversOf(destinations: readonly DestinationName[]): ToldReceiverView[] {
    return destinations.map(({ id, name }) => ({
      destination_id: id,
      destination: name,
      deliveries: this.told.get(id) ?? 0,
    }));
  }

  private placeOf(destinationId: string, channel: string): Place {
    const key = JSON.stringify([destinationId, channel]);
    const place = this.places.get(key) ?? {
      destinationId,
      channel,
      messages: new Map<number, boolean>(),
      uncertain: 0,
    };
    this.places.set(key, place);
    return place;
  }

  private addMessage({ messages }: Place, id: string, isJoined: boolean): void {
    const message = Number(id);
    messages.set(message, messages.get(message) === true || isJoined);
  }
}

/** It may have arrived, and nobody knows as which message. */
function isUncertain({ in_doubt: inDoubt, message_id: id, looked_up: lookedUp }: LoggedAttempt): boolean {
  return inDoubt && id === null && lookedUp !== 'absent';
}
