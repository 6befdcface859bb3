import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { AddressGuard } from './address-guard.js';

/**
 * Ports of services that take other commands for theirs, or that mail and shells listen on; a list after
 * https://fetch.spec.whatwg.org/#port-blocking, with the common databases.
 */
const FORBIDDEN_PORTS: ReadonlySet<number> = new Set([
  ...[0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109],
  ...[110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526],
  ...[530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049],
  ...[
    2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5984, 6000, 6379, 6566, 6665, 6666, 6667, 6668,
    6669,
  ],
  ...[6679, 6697, 8200, 9200, 10080, 11211, 27017],
]);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** An outgoing call would reach what it must not. The message is for whoever named the address. */
export class ForbiddenAddressError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'ForbiddenAddressError';
  }
}

const NOT_PUBLIC = 'The address is not on the public internet, and OUTBOUND_ALLOW does not name it.';

/**
 * What outgoing calls may reach. Checked when an address is saved, for the admin's sake, and again on the resolved
 * address when a connection is made, since names can change their minds (DNS rebinding).
 */
export class OutboundPolicy {
  private readonly guard: AddressGuard;
  /** Addresses of servers of our own, each with what is below it. */
  private readonly own: string[] = [];

  /** @param allowed addresses and CIDRs that may be reached although they are private */
  constructor(allowed: readonly string[]) {
    this.guard = new AddressGuard(allowed);
  }

  /** Lets calls reach a server of this process, the sandbox: nothing but what is below its address. */
  openOwn(url: string): void {
    this.own.push(`${new URL(url).href.replace(/\/$/, '')}/`);
  }

  /**
   * @param url as `URL` spells it, so that it does not climb out of what was opened
   * @returns whether a call is to a server of our own, whatever its address is
   */
  isOwn(url: string): boolean {
    return this.own.some((prefix) => url === prefix.slice(0, -1) || url.startsWith(prefix));
  }

  /**
   * Judges an address before it is saved. A name that cannot be looked up now is left to the time of the call.
   *
   * @throws ForbiddenAddressError that says what is wrong with it
   */
  async check(url: string): Promise<void> {
    const { protocol, hostname, port, username, password, href } = parse(url);
    if (!(protocol in DEFAULT_PORTS))
      throw new ForbiddenAddressError('The address must begin with http:// or https://.');
    if (username !== '' || password !== '') throw new ForbiddenAddressError('The address must not hold credentials.');
    const host = bare(hostname);
    if (this.isOwn(href)) return;
    this.checkPort(portOf(protocol, port));
    if (isIP(host) !== 0) {
      this.checkAddresses([host]);
      return;
    }
    // The dot that says that a name is whole is left out of what is asked for.
    const found = await lookUp(host.replace(/\.$/, ''));
    if (found.length > 0) this.checkAddresses(found.map(({ address }) => address));
  }

  /** @throws ForbiddenAddressError where a connection must not be made, as far as that is known before its name is looked up */
  checkTarget(host: string, port: number): void {
    this.checkPort(port);
    if (isIP(host) !== 0) this.checkAddresses([host]);
  }

  /** How names are looked up for a connection: what must not be reached is not found. */
  get lookup(): LookupFunction {
    return (hostname, options, callback) => {
      dns.lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) {
          callback(error, []);
          return;
        }
        const reachable = found.filter(({ address }) => this.guard.isAllowed(address));
        const [first] = reachable;
        if (!first) callback(new ForbiddenAddressError(NOT_PUBLIC), []);
        else if (options.all) callback(null, reachable);
        else callback(null, first.address, first.family);
      });
    };
  }

  private checkPort(port: number): void {
    if (FORBIDDEN_PORTS.has(port)) throw new ForbiddenAddressError(`Port ${port} is not one for webhooks.`);
  }

  private checkAddresses(addresses: readonly string[]): void {
    if (!addresses.every((address) => this.guard.isAllowed(address))) throw new ForbiddenAddressError(NOT_PUBLIC);
  }
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new ForbiddenAddressError('The address is not a URL.');
  }
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf(protocol: string, port: string): number {
  return port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port);
}

/** @returns all addresses of a name; none where it cannot be looked up */
function lookUp(name: string): Promise<LookupAddress[]> {
  return new Promise((resolve) => {
    dns.lookup(name, { all: true }, (error, found) => {
      resolve(error ? [] : found);
    });
  });
}
