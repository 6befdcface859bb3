import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { NewSecretView } from './destination-actions.dto.js';
import { DestinationDirectory } from './destination-directory.js';
import { lockRow, saveRow } from './destination-rows.js';
import { readSecrets, sealSecrets } from './destination-secrets.js';
import { newWebhookSecret, rotatedSecrets } from './webhook-secret.js';

/** Changes what webhooks are signed with. */
@Injectable()
export class SecretRotation {
  constructor(
    private readonly transactions: AdminTransactions,
    private readonly directory: DestinationDirectory,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns a new secret, shown this once: it signs from now on, and each one before until a day after it was replaced
   * @throws Problem 404; 409 `not_signed` for a destination that is no webhook, `too_many_secrets`; 412
   */
  async rotate(call: AdminCall, id: string): Promise<NewSecretView> {
    const answer = await this.transactions.run(call, async (step) => {
      const row = await lockRow(step, id);
      step.requireMatch(row.version, 'destination');
      if (row.kind !== 'webhook') {
        throw new Problem(409, 'not_signed', 'Only webhooks are signed with a secret of ours.');
      }
      const secret = newWebhookSecret();
      // One that cannot be decrypted any more signs nothing beside the new one.
      const former = readSecrets(row, this.box) ?? {};
      const secrets = sealSecrets(id, rotatedSecrets(former, secret, this.clock.now()), this.box);
      const change = { action: 'rotate_secret', after: { hasNewSecret: true } };
      const { version } = await saveRow(step, row, { secrets }, change);
      return { secret, version };
    });
    await this.directory.refresh();
    return answer;
  }
}
