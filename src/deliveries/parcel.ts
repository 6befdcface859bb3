import type { ComposedMessage } from '../notifiers/notifier.js';
import type { Prepared } from './threads/thread-book.js';

/** What goes out as one message: one delivery, or several of the same channel and topic joined. */
export interface Parcel {
  /** In the order in which the message has them; unbroken runs from the heads of their lanes. */
  items: readonly [Prepared, ...Prepared[]];
  message: ComposedMessage;
  /** Messages wait for the account's rate. */
  inHurry: boolean;
}
