import { readClientEnvironment } from '../../config/read-environment.js';
import type { Command } from '../command.js';
import { describeFetchError } from '../describe-fetch-error.js';
import { AwayError, DeliveryList, type ListedDelivery, RefusedError } from './delivery-list.js';
import { describeDelivery } from './describe-delivery.js';
import { FollowedDeliveries, type News } from './follow-deliveries.js';
import { readTailArguments, TAIL_USAGE } from './tail-arguments.js';

const MS_PER_SECOND = 1_000;

export const tail: Command = {
  usage: TAIL_USAGE,
  async run(args) {
    const { url, key, filters, lines, everyMs, json } = readTailArguments(args, readClientEnvironment());
    const ended = untilInterrupted();
    const list = new DeliveryList(url, key, filters, ended);
    const followed = new FollowedDeliveries((limit, cursor) => list.page(limit, cursor));
    const print = (deliveries: readonly ListedDelivery[]): void => {
      const form = json ? (one: ListedDelivery) => `${JSON.stringify(one)}\n` : describeDelivery;
      process.stdout.write(deliveries.map(form).join(''));
    };
    try {
      // Whoever is not there when it begins is called by a wrong address; later, it is being started anew.
      print(await followed.begin(lines));
      await follow(followed, list, everyMs, print);
      return 0;
    } catch (error) {
      // What was under way was broken off by us.
      if (ended.aborted) return 0;
      process.stderr.write(`${sayWhy(error)}\n`);
      return 1;
    }
  },
};

async function follow(
  followed: FollowedDeliveries,
  list: DeliveryList,
  everyMs: number,
  print: (deliveries: readonly ListedDelivery[]) => void,
): Promise<void> {
  let wait = everyMs;
  let isAway = false;
  while (await list.pause(wait)) {
    wait = everyMs;
    try {
      const { deliveries, isCut }: News = await followed.next();
      isAway = false;
      print(deliveries);
      if (isCut) process.stderr.write('More came than can be shown: the oldest of it is left out.\n');
    } catch (error) {
      if (error instanceof RefusedError || list.isStopped) throw error;
      if (error instanceof AwayError) wait = Math.max(everyMs, error.retryAfterSeconds * MS_PER_SECOND);
      if (!isAway) process.stderr.write(`${sayWhy(error)} Trying again.\n`);
      isAway = true;
    }
  }
}

function sayWhy(error: unknown): string {
  if (error instanceof RefusedError) return `The gateway refuses: ${error.message}`;
  if (error instanceof AwayError) return `The gateway cannot answer now: ${error.message}`;
  return `The gateway does not answer: ${describeFetchError(error)}`;
}

/** @returns what is aborted by a signal, or when nobody reads any more */
function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  const end = (): void => {
    interrupted.abort();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  process.stdout.on('error', end);
  return interrupted.signal;
}
