import { channelDoesNotExist, badRequest } from './sandbox-error.js';
import { channelName } from './stored-text.js';

export interface SandboxChannel {
  id: number;
  name: string;
}

/** Names that begin so are never created, so that one can see what becomes of messages for a channel that is not there. */
const MISSING_PREFIX = 'missing-';

/** Channels that come into being on their own; a program gone wrong shall not fill the memory with them. */
const MOST_CHANNELS = 1_000;

/**
 * The channels of the sandbox: a fixed list, or else (the default) whatever is asked for, except names that begin with
 * `missing-`. As in Zulip, names are compared without regard to case.
 */
export class SandboxChannels {
  private readonly byKey = new Map<string, SandboxChannel>();
  private readonly createsUnknown: boolean;

  /** @param names the only channels there are; without it, unknown ones are created on first use */
  constructor(names?: readonly string[]) {
    this.createsUnknown = names === undefined;
    for (const name of names ?? []) this.add(channelName(name));
  }

  /** @throws SandboxError 400 `STREAM_DOES_NOT_EXIST`; 400 for a name that no channel can have */
  find(channel: string | number): SandboxChannel {
    if (typeof channel === 'number') return this.findById(channel);
    const name = channelName(channel);
    const known = this.byKey.get(name.toLowerCase());
    if (known) return known;
    if (!this.createsUnknown || name.toLowerCase().startsWith(MISSING_PREFIX) || this.byKey.size >= MOST_CHANNELS) {
      throw channelDoesNotExist(name);
    }
    return this.add(name);
  }

  private findById(id: number): SandboxChannel {
    const known = [...this.byKey.values()].find((channel) => channel.id === id);
    if (!known) throw channelDoesNotExist(id);
    return known;
  }

  private add(name: string): SandboxChannel {
    const channel = { id: this.byKey.size + 1, name };
    this.byKey.set(name.toLowerCase(), channel);
    return channel;
  }
}

/**
 * Reads who a message is for: a name, an id, or either as JSON, alone or in a list of one. A channel whose name is a
 * number can therefore only be named as JSON, as in Zulip.
 *
 * @throws SandboxError 400
 */
export function readRecipient(to: string): string | number {
  let value: unknown;
  try {
    value = JSON.parse(to);
  } catch {
    return to;
  }
  if (Array.isArray(value)) {
    if (value.length !== 1) throw badRequest('Expected exactly one channel');
    value = value[0] as unknown;
  }
  if (typeof value === 'string' || Number.isInteger(value)) return value as string | number;
  throw badRequest('Invalid data type for channel');
}
