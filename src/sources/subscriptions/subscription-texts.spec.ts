import { describeByHand } from './describe-by-hand.js';
import { maskHookUrl } from './mask-hook-url.js';

describe('what is shown of a registration', () => {
  it('is a hook URL with the beginning of its token', () => {
    const url = 'https://gateway.example.com/hooks/groove/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    expect(maskHookUrl(url)).toBe('https://gateway.example.com/hooks/groove/abcd…');
  });

  it('is a sentence for each hook URL where something has to be done by hand', () => {
    expect(describeByHand([], false)).toBeNull();
    const subscriptions = [
      { event: 'ticket_started', hookUrl: 'https://old.example.com/hooks/groove/abcd…' },
      { event: 'note_added', hookUrl: 'https://new.example.com/hooks/groove/wxyz…' },
      { event: 'agent_replied', hookUrl: 'https://old.example.com/hooks/groove/abcd…' },
    ];
    const expected =
      'The helpdesk gave no ids to remove them by: ' +
      'remove the webhooks to https://old.example.com/hooks/groove/abcd… there by hand, ' +
      'those for ticket_started, agent_replied; ' +
      'remove the webhooks to https://new.example.com/hooks/groove/wxyz… there by hand, those for note_added. ';
    const next = 'When that is done, let Deskwire forget them: the same request with ?forget_by_hand=true.';
    expect(describeByHand(subscriptions, false)).toBe(expected + next);
    expect(describeByHand(subscriptions, true)).toBe(`${expected}Deskwire has forgotten them.`);
  });
});
