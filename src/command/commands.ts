import type { Command } from './command.js';

interface Entry {
  name: string;
  /** A line of `deskwire --help`. */
  summary: string;
  /** Loaded when it is asked for: a command needs little of the gateway, and most of them little of each other. */
  load(): Promise<Command>;
}

/** Whatever `deskwire` can do, in the order in which its help tells of it. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'start',
    summary: 'starts the gateway: takes webhooks and delivers',
    load: async () => (await import('./start.js')).start,
  },
  {
    name: 'migrate',
    summary: "brings the database's schema up to date, or undoes the latest migration",
    load: async () => (await import('./migrate.js')).migrate,
  },
  {
    name: 'keys',
    summary: 'makes, lists and revokes API keys, for whoever has a shell and no key',
    load: async () => (await import('./keys.js')).keys,
  },
  {
    name: 'demo',
    summary: 'shows one webhook of each helpdesk and the messages that come of it',
    load: async () => (await import('./demo.js')).demo,
  },
  {
    name: 'send',
    summary: 'posts a stored webhook to a hook URL',
    load: async () => (await import('./send/send.js')).send,
  },
  {
    name: 'tail',
    summary: 'follows the log of deliveries',
    load: async () => (await import('./tail/tail.js')).tail,
  },
];
