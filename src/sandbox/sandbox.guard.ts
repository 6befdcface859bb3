import { type CanActivate, Injectable, NotFoundException } from '@nestjs/common';
import { SandboxZulip } from './sandbox-zulip.js';

/** While the sandbox is closed, there is nothing at its addresses. */
@Injectable()
export class SandboxGuard implements CanActivate {
  constructor(private readonly sandbox: SandboxZulip) {}

  /** @throws NotFoundException */
  canActivate(): boolean {
    if (!this.sandbox.isOpen) throw new NotFoundException();
    return true;
  }
}
