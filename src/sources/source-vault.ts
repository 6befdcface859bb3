import { Injectable } from '@nestjs/common';
import { placeOf, SOURCE_SECRETS, SOURCE_TOKEN } from '../secrets/sealed-columns.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { SourceSecrets } from '../ticket-event/provider-adapter.js';
import type { Source } from './source.entity.js';

/** Encrypts what is entrusted to sources, each for its own row. */
@Injectable()
export class SourceVault {
  constructor(private readonly box: SecretBox) {}

  /** @returns null where there is nothing to keep */
  seal(id: string, secrets: SourceSecrets): string | null {
    const isEmpty = Object.keys(secrets).length === 0;
    return isEmpty ? null : this.box.seal(JSON.stringify(secrets), placeOf(SOURCE_SECRETS, id));
  }

  /** @returns undefined where they cannot be decrypted */
  open({ id, secrets }: Pick<Source, 'id' | 'secrets'>): SourceSecrets | undefined {
    if (secrets === null) return {};
    const opened = this.box.tryOpen(secrets, placeOf(SOURCE_SECRETS, id));
    return opened === undefined ? undefined : (JSON.parse(opened) as SourceSecrets);
  }

  sealToken(id: string, token: string): string {
    return this.box.seal(token, placeOf(SOURCE_TOKEN, id));
  }

  /** @returns undefined where it cannot be decrypted */
  openToken({ id, token }: Pick<Source, 'id' | 'token'>): string | undefined {
    return this.box.tryOpen(token, placeOf(SOURCE_TOKEN, id));
  }
}
