import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import type { CreateDestinationBody } from '../destinations/destination.dto.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { DestinationsService } from '../destinations/destinations.service.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { SandboxZulip } from '../sandbox/sandbox-zulip.js';

/** Who the sandbox's messages are from; also what tells its destination from others. */
export const SANDBOX_BOT = 'deskwire-bot@sandbox.invalid';
const SANDBOX_CHANNEL = 'support';

/** Opens the sandbox to the bot whose key the destination keeps. */
@Injectable()
export class SandboxSwitch {
  private readonly logger = new Logger('sandbox');

  constructor(
    private readonly environment: Environment,
    private readonly destinations: DestinationsService,
    private readonly directory: DestinationDirectory,
    private readonly sandbox: SandboxZulip,
    private readonly outbound: OutboundPolicy,
  ) {}

  /** @returns the destination that posts to the sandbox of this process */
  destination(port: number, apiKey: string): CreateDestinationBody {
    this.outbound.openOwn(this.site(port));
    return {
      name: 'Sandbox',
      kind: 'zulip',
      settings: { site: this.site(port), email: SANDBOX_BOT, channel: SANDBOX_CHANNEL },
      secrets: { api_key: apiKey },
    };
  }

  /** @param port that the server listens on; it may have changed since the destination was made */
  async turnOn(port: number): Promise<void> {
    const destination = this.directory.findByBot(SANDBOX_BOT);
    const apiKey = destination?.secrets['api_key'];
    if (!destination || apiKey === undefined) {
      this.logger.warn('the sandbox stays off: its destination was removed or was never made');
      return;
    }
    this.outbound.openOwn(this.site(port));
    await this.destinations.moveSite(destination.id, this.site(port));
    this.sandbox.configure({ email: SANDBOX_BOT, apiKey, rateLimit: this.environment.SANDBOX_RATE_LIMIT });
  }

  private site(port: number): string {
    const { HOST } = this.environment;
    const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST === '::' ? '[::1]' : HOST.includes(':') ? `[${HOST}]` : HOST;
    return `http://${host}:${port}/sandbox/zulip`;
  }
}
