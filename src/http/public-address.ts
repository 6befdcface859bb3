import { Injectable } from '@nestjs/common';
import { publicUrl } from '../config/validate-environment.js';
import { Environment } from '../config/environment.js';

/** Where helpdesks and people reach this gateway. The port is known for sure only once it listens. */
@Injectable()
export class PublicAddress {
  private port: number | undefined;

  constructor(private readonly environment: Environment) {}

  /** Told at start, since `PORT=0` means any free port. */
  listeningOn(port: number): void {
    this.port = port;
  }

  /** Without a trailing slash. */
  get url(): string {
    return publicUrl(this.environment, this.port);
  }
}
