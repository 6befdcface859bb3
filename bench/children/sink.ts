import { answer } from '../child.js';
import { ZulipSink } from '../zulip-sink.js';

export type SinkQuestion = { kind: 'listen' } | { kind: 'await'; messages: number };

/** When messages came, in milliseconds of the sink's process. */
export interface Arrivals {
  firstAt: number;
  lastAt: number;
}

const sink = new ZulipSink();

/** Counts from now on. @returns the arrivals of the first and of the last of so many messages */
function awaitMessages(messages: number): Promise<Arrivals> {
  let firstAt: number | undefined;
  let count = 0;
  return new Promise((resolve) => {
    sink.onMessage((at) => {
      firstAt ??= at;
      count += 1;
      if (count === messages) resolve({ firstAt, lastAt: at });
    });
  });
}

answer((question: SinkQuestion): Promise<string | Arrivals> => {
  return question.kind === 'listen' ? sink.listen() : awaitMessages(question.messages);
});
