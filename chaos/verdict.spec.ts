import { judge, type LogEntry, type Offences } from './verdict.js';

const NOTHING: Offences = {
  lost: [],
  doubled: [],
  out_of_order: [],
  not_logged_once: [],
  dead: [],
  not_delivered: [],
  wrong_message_id: [],
};

function entry(marker: string, messageId: number): LogEntry {
  return { marker, eventId: `event of ${marker}`, state: 'delivered', messageId };
}

function changeFirst(log: LogEntry[], fields: Partial<LogEntry>): void {
  log.splice(0, 1, { ...entry('t1-n1', 5), ...fields });
}

/** Two tickets; the second message is a joined one. */
function kept(): { accepted: string[]; log: LogEntry[]; messages: { id: number; markers: string[] }[] } {
  return {
    accepted: ['t1-n1', 't2-n1', 't1-n2', 't1-n10'],
    log: [entry('t1-n1', 5), entry('t2-n1', 6), entry('t1-n2', 6), entry('t1-n10', 9)],
    messages: [
      { id: 5, markers: ['t1-n1'] },
      { id: 6, markers: ['t2-n1', 't1-n2'] },
      { id: 9, markers: ['t1-n10'] },
    ],
  };
}

describe('the verdict', () => {
  it('is that nothing is wrong where every webhook arrived once and in order', () => {
    expect(judge(kept())).toEqual(NOTHING);
  });

  it.each<[string, (evidence: ReturnType<typeof kept>) => void, Partial<Offences>]>([
    [
      'a message that never arrived',
      ({ messages }) => messages.pop(),
      { lost: ['t1-n10'], wrong_message_id: ['t1-n10'] },
    ],
    [
      'a message that arrived twice',
      ({ messages }) => messages.push({ id: 12, markers: ['t2-n1'] }),
      { doubled: ['t2-n1'] },
    ],
    ['a marker twice in one message', ({ messages }) => messages[0]?.markers.push('t1-n1'), { doubled: ['t1-n1'] }],
    [
      'the later message first',
      ({ messages, log }) => {
        messages.reverse();
        log.reverse();
      },
      { out_of_order: ['t1-n2', 't1-n1'] },
    ],
    [
      'the wrong order within a joined message',
      ({ messages }) => {
        messages[1]?.markers.splice(1, 0, 't1-n3');
      },
      { out_of_order: ['t1-n2'] },
    ],
    ['a webhook that is not in the log', ({ log }) => log.pop(), { not_logged_once: ['t1-n10'] }],
    [
      'an event without a delivery',
      ({ log }) => {
        changeFirst(log, { state: null });
      },
      { not_logged_once: ['t1-n1'], not_delivered: ['t1-n1'] },
    ],
    [
      'a webhook that was accepted twice',
      ({ log }) => log.push({ ...entry('t1-n1', 5), eventId: 'another' }),
      { not_logged_once: ['t1-n1'] },
    ],
    [
      'a dead delivery',
      ({ log }) => {
        changeFirst(log, { state: 'dead' });
      },
      { dead: ['t1-n1'] },
    ],
    [
      'a delivery that is not done',
      ({ log }) => {
        changeFirst(log, { state: 'sending' });
      },
      { not_delivered: ['t1-n1'] },
    ],
    [
      'the id of another message',
      ({ log }) => {
        changeFirst(log, { messageId: 6 });
      },
      { wrong_message_id: ['t1-n1'] },
    ],
  ])('names %s', (_story, spoil, offences) => {
    const evidence = kept();
    spoil(evidence);
    expect(judge(evidence)).toEqual({ ...NOTHING, ...offences });
  });
});
