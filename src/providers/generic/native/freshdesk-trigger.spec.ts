import { runToEnd } from '../../../../test/support/run-to-end.js';
import { parseTriggeredEvent } from './freshdesk-trigger.js';

describe('what Freshdesk calls the triggered event', () => {
  it.each([
    ['{ticket_action:created}', { ticket_action: { value: 'created' } }],
    ['{note_type:private}', { note_type: { value: 'private' } }],
    ['{status:{from:4,to:6}}', { status: { from: '4', to: '6' } }],
    [
      '{status:{from:2,to:3},priority:{from:1,to:4}}',
      { status: { from: '2', to: '3' }, priority: { from: '1', to: '4' } },
    ],
    [
      '{ Status : { from : 2 , to : 3 } , reply_sent : sent }',
      { status: { from: '2', to: '3' }, reply_sent: { value: 'sent' } },
    ],
    ['{"status": {"from": 2, "to": "3"}}', { status: { from: '2', to: '3' } }],
    ['{responder_id:{from:null,to:7}}', { responder_id: { to: '7' } }],
    ['{responder_id:{from:7,to:}}', { responder_id: { from: '7' } }],
    [
      '{ticket_type:{from:Question, other,to:Feature Request}}',
      { ticket_type: { from: 'Question, other', to: 'Feature Request' } },
    ],
    [
      '{due_by:{from:2025-01-08T12:00:00Z,to:2025-01-09T12:00:00Z}}',
      { due_by: { from: '2025-01-08T12:00:00Z', to: '2025-01-09T12:00:00Z' } },
    ],
    ['{group_id:{31}}', { group_id: { value: '31' } }],
    ['{status:{from:2', { status: {}, from: { value: '2' } }],
    ['created', {}],
    ['{}', {}],
    ['', {}],
  ])('%s', (text, triggers) => {
    expect(Object.fromEntries(parseTriggeredEvent(text))).toEqual(triggers);
  });

  it.each(['{', 'a:', 'a', ' ', '{a:{', ',', "'"])('reads the beginning of a million times %p', (filler) => {
    runToEnd(() => parseTriggeredEvent(filler.repeat(1_000_000)));
  });
});
