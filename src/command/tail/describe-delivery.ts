import { terminalText } from '../terminal-text.js';
import type { ListedDelivery } from './delivery-list.js';

const STATE_WIDTH = 9;

/** @returns a delivery on one line: when it came, what became of it, where it goes, why not, and its id to ask for more */
export function describeDelivery(delivery: ListedDelivery): string {
  const { id, state, reason, detail, created_at: createdAt } = delivery;
  const why = [reason, detail].filter((part) => part !== null).join(': ');
  const parts = [createdAt, state.padEnd(STATE_WIDTH), placeOf(delivery), why === '' ? '' : `(${why})`, id];
  return `${terminalText(parts.filter((part) => part !== '').join('  '))}\n`;
}

/** A webhook has neither channel nor topic; a message has none before it was rendered. */
function placeOf({ channel, topic, destination_id: destination }: ListedDelivery): string {
  if (channel === null) return `→ ${destination}`;
  return topic === null ? `#${channel}` : `#${channel} › ${topic}`;
}
