import { Module } from '@nestjs/common';
import { SandboxController } from './sandbox.controller.js';
import { SandboxZulip } from './sandbox-zulip.js';

/**
 * A Zulip server inside the gateway, at `/sandbox/zulip`: to try things out without one, and for tests. It answers 404
 * until `SandboxZulip.configure` opens it. Takes its time from the `Clock` of the application.
 */
@Module({
  controllers: [SandboxController],
  providers: [SandboxZulip],
  exports: [SandboxZulip],
})
export class SandboxModule {}
