import { describeDelivery } from './describe-delivery.js';
import type { ListedDelivery } from './delivery-list.js';

const DELIVERY: ListedDelivery = {
  id: 'id-1',
  state: 'dead',
  destination_id: 'destination-1',
  channel: 'support',
  topic: '#9 A\u001b[2J\nprinter',
  reason: 'not_found',
  detail: 'No\u202e such channel',
  created_at: '2026-03-01T00:00:00.000Z',
};

describe('a delivery on a line', () => {
  it.each<[string, Partial<ListedDelivery>, string]>([
    [
      'with why, and nothing that a terminal obeys',
      {},
      '2026-03-01T00:00:00.000Z  dead       #support › #9 A\ufffd[2J\ufffdprinter  (not_found: No\ufffd such channel)  id-1\n',
    ],
    [
      'to a webhook',
      { state: 'delivered', channel: null, topic: null, reason: null, detail: null },
      '2026-03-01T00:00:00.000Z  delivered  → destination-1  id-1\n',
    ],
    [
      'that waits, without a topic yet',
      { state: 'pending', topic: null, detail: null, reason: 'timeout' },
      '2026-03-01T00:00:00.000Z  pending    #support  (timeout)  id-1\n',
    ],
  ])('%s', (_story, fields, line) => {
    expect(describeDelivery({ ...DELIVERY, ...fields })).toBe(line);
  });
});
